"""A made-up language with the statistics of a real one, so that texts of any number can be invented and are nobody's.

Words have one to four characters, their frequencies fall as 1/rank, characters are drawn from the 3,755 common ones.
"""

from __future__ import annotations

import random
from itertools import accumulate

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁单仇解"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国玉兰志红春梅海燕鹏飞雪琴林晓东宇浩然子涵轩欣怡佳俊博思远"
)


class Language:
    """Seeded words, sentences, texts and names."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        characters = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]
        self.random.shuffle(characters)
        weights = list(accumulate(1 / (rank + 8) for rank in range(len(characters))))
        lengths = self.random.choices((1, 2, 3, 4), (6, 70, 14, 10), k=30_000)
        self._words = ["".join(self.random.choices(characters, cum_weights=weights, k=length)) for length in lengths]
        frequencies = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._sentences = [
            "".join(self.random.choices(self._words, cum_weights=frequencies, k=self.random.randrange(4, 13)))
            + self.random.choice("，，。；")
            for _ in range(60_000)
        ]
        self._surname_weights = list(accumulate(1 / (rank + 4) for rank in range(len(_SURNAMES))))

    def word(self) -> str:
        """Return a word."""
        return self.random.choice(self._words)

    def sentence(self) -> str:
        """Return a sentence with its sign."""
        return self.random.choice(self._sentences)

    def text(self) -> str:
        """Return 200 to 2,000 characters, median about 380."""
        wanted = min(2000, max(200, int(self.random.lognormvariate(5.95, 0.6))))
        parts: list[str] = []
        length = 0
        while length < wanted:
            parts.append(self.sentence())
            length += len(parts[-1])
        return "".join(parts)[:2000]

    def name(self) -> str:
        """Return a person's name; the first surname has 7 %."""
        given = self.random.choices(_GIVEN, k=self.random.choice((1, 2, 2)))
        return self.random.choices(_SURNAMES, cum_weights=self._surname_weights)[0] + "".join(given)
