"""The city's pages in Debian's Chromium, as a reviewer meets them: keyboard, both languages, large type, on paper.

One hub process and one browser for the whole room. Left out, and said so, where Chromium or its driver is not installed
(`sh installer/debian/setup.sh`).
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from sync.hub.hub import Hub
from tests.sync.conftest import CITY, COUNTY, Journal, Served, enrol
from tests.sync.pages import PASSPHRASE, Told, add_people, days_ago, send, tell_matter

CHROMIUM, DRIVER = (shutil.which(name) for name in ("chromium", "chromedriver"))
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="Chromium is not installed (sh installer/debian/setup.sh): pages are tried without it",
)


class Site:
    """A hub with a county's matters, served; and a browser on it."""

    def __init__(self, served: Served, matters: dict[str, Told]) -> None:
        self.served = served
        self.matters = matters
        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        options.accept_insecure_certs = True  # the hub's own certificate: a bureau lets its browsers trust it
        for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN"):
            options.add_argument(argument)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
        self.driver.set_window_size(1366, 768)

    def go(self, path: str) -> None:
        self.driver.get(self.served.address + path)

    def close(self) -> None:
        self.driver.quit()
        self.served.stop()

    @property
    def words(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def find(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def leave(self, act: Callable[[], object]) -> None:
        """Do what leads to another page, and wait until it is there, whole."""
        here = self.find("html")
        act()
        WebDriverWait(self.driver, 20).until(staleness_of(here))
        whole = "return document.readyState === 'complete' && document.body !== null"
        WebDriverWait(self.driver, 20).until(lambda driver: driver.execute_script(whole))

    def type(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    def log_in(self) -> None:
        self.driver.delete_all_cookies()
        self.go("/city/login")
        self.find("#login").send_keys("wang", Keys.TAB)
        self.type(PASSPHRASE)
        self.leave(lambda: self.type(Keys.ENTER))
        assert self.find("nav.rooms")
        self.speak("zh")

    def speak(self, language: str) -> None:
        self.go(f"/city/language/{language}?back=/city/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site") / "hub"
    journal = Journal()
    with Hub.create(folder, city=CITY, address="https://127.0.0.1:8443") as hub:
        enrol(journal, hub)
        add_people(hub)
        journal.unit("治安管理大队")
        unit = journal.ids["unit"]
        matters = {
            "late": tell_matter(
                journal, 1, title="反映出警迟缓，请求书面答复并追究责任", received=days_ago(120), unit=unit
            ),
            "script": tell_matter(journal, 2, title="<script>document.title='taken'</script>", received=days_ago(3)),
            "sealed": tell_matter(journal, 3, title="反映民警索贿", received=days_ago(40), unit=unit, sealed=1),
        }
        for number in range(4, 30):
            tell_matter(journal, number, title=f"反映第{number}件事项", received=days_ago(number * 3), unit=unit)
        send(journal, hub)
    journal.close()
    one = Site(Served(folder), matters)
    yield one
    one.close()


@pytest.fixture
def inside(site: Site) -> Site:
    site.driver.set_window_size(1366, 768)
    site.log_in()
    return site


def test_a_reviewer_logs_in_finds_a_matter_and_reads_how_its_clock_is_counted_with_the_keyboard_alone(
    site: Site,
) -> None:
    site.log_in()
    assert "测试县公安局" in site.words
    site.go("/city/matters")
    site.find("#f-q").send_keys("出警")
    site.leave(lambda: site.type(Keys.ENTER))
    link = site.driver.find_element(By.LINK_TEXT, site.matters["late"].number)
    site.leave(lambda: link.send_keys(Keys.ENTER))
    assert "反映出警迟缓" in site.find("h1").text
    summary = site.find("details summary")
    assert "最后一日：" not in site.find("details").text
    summary.send_keys(Keys.ENTER)
    assert "最后一日：" in site.find("details").text


def test_the_first_tab_skips_to_the_content_and_focus_is_seen(inside: Site) -> None:
    inside.go("/city/")
    inside.find("body").send_keys(Keys.TAB)
    skip = inside.driver.switch_to.active_element
    assert skip.text == "跳到正文"
    assert inside.driver.execute_script("return getComputedStyle(arguments[0]).outlineStyle", skip) != "none"
    skip.send_keys(Keys.ENTER)
    assert inside.driver.switch_to.active_element.get_attribute("id") == "main"


def test_what_a_county_sends_is_never_run(inside: Site) -> None:
    matter = inside.matters["script"]
    for path in ("/city/matters", f"/city/matter/{COUNTY}/{matter.id}"):
        inside.go(path)
        assert "<script>document.title='taken'</script>" in inside.words
        assert inside.driver.title != "taken"
    inside.driver.execute_script(
        "const s = document.createElement('script'); s.textContent = \"document.title = 'taken'\";"
        " document.body.append(s);"
    )
    assert inside.driver.title != "taken"  # even what got into the page would not run


PATHS = (
    "/city/", "/city/matters", "/city/late", "/city/papers", "/city/papers/new/assignment", "/city/reviews",
    "/city/figures", "/city/help", "/city/passphrase", f"/city/county/{COUNTY}",
)  # fmt: skip
_UNNAMED = """
const named = e => (e.labels && e.labels.length) || e.getAttribute('aria-label') || e.textContent.trim()
  || e.type === 'hidden';
return [...document.querySelectorAll('input, select, textarea, button, a, summary')].filter(e => !named(e))
  .map(e => e.outerHTML)
  .concat([...document.querySelectorAll('th')].filter(e => !e.scope).map(e => e.outerHTML))
  .concat(document.querySelectorAll('h1').length === 1 ? [] : ['h1'])
  .concat(document.documentElement.lang ? [] : ['lang'])
  .concat(document.querySelectorAll('main').length === 1 ? [] : ['main']);
"""
_WIDER = "return document.documentElement.scrollWidth - document.documentElement.clientWidth;"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_names_what_it_has_for_a_screen_reader_and_fits_the_screen_also_in_large_type(
    inside: Site, language: str
) -> None:
    inside.speak(language)
    inside.driver.get_log("browser")  # what was told before is not ours
    matter = f"/city/matter/{COUNTY}/{inside.matters['late'].id}"
    for width, height in ((1366, 768), (683, 384)):  # the second: the same screen with text at 200 %
        inside.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1366 / width, "mobile": False},
        )
        for path in (*PATHS, matter):
            inside.go(path)
            assert inside.driver.execute_script(_UNNAMED) == [], path
            assert inside.driver.execute_script(_WIDER) <= 0, (path, width)
    inside.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    trouble = [one for one in inside.driver.get_log("browser") if one["level"] == "SEVERE"]
    assert trouble == []


_CONTRAST = """
function rgb(c) { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m.slice(0, 3); }
function light(c) {
  const v = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; });
  return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; }
function under(e) {
  for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c) return c; }
  return [255, 255, 255];
}
const bad = new Set();
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.checkVisibility()) continue;
  const a = light(rgb(getComputedStyle(e).color)), b = light(under(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) bad.add(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
}
return [...bad];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(inside: Site, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    inside.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    for path in ("/city/", "/city/matters", "/city/late", f"/city/matter/{COUNTY}/{inside.matters['sealed'].id}",
                 "/city/papers/new/assignment"):  # fmt: skip
        inside.go(path)
        assert inside.driver.execute_script(_CONTRAST) == [], path


def test_a_page_is_printed_without_menus_and_forms(inside: Site, tmp_path: Path) -> None:
    from pypdf import PdfReader

    inside.go(f"/city/matter/{COUNTY}/{inside.matters['late'].id}")
    printed = base64.b64decode(inside.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": False})["data"])
    path = tmp_path / "page.pdf"
    path.write_bytes(printed)
    text = "".join(page.extract_text() for page in PdfReader(path).pages).replace(" ", "")
    assert inside.matters["late"].number in text
    assert "月度数据" not in text
    assert "退出" not in text


def test_an_assignment_is_typed_sent_and_taken_back(inside: Site) -> None:
    inside.go("/city/papers/new/assignment")
    inside.find("button:not(.head button)").click()
    assert "/papers/new/" in inside.driver.current_url  # the browser asks for what is needed
    for field, text in (
        ("number", "市公信〔2026〕9号"),
        ("item_title", "反映夜间噪声"),
        ("statement", "工地夜间施工。"),
    ):
        inside.find(f"#f-{field}").send_keys(text)
    inside.driver.execute_script("document.getElementById('f-limit_on').value = arguments[0]", days_ago(-30))
    inside.leave(inside.find("main button").click)
    assert "反映夜间噪声" in inside.find("h1").text
    inside.find("details summary").click()
    WebDriverWait(inside.driver, 20).until(lambda _driver: inside.find("#w-reason").is_displayed())
    inside.find("#w-reason").send_keys("发错单位")
    inside.leave(inside.find("button.stop").click)
    assert "已撤回" in inside.words


def test_logging_out_leaves_nothing_behind_that_going_back_would_show(inside: Site) -> None:
    inside.go(f"/city/matter/{COUNTY}/{inside.matters['late'].id}")
    inside.leave(inside.find(".head form button").click)
    assert inside.find("#passphrase")
    inside.driver.back()
    assert "反映出警迟缓" not in inside.words
