#!/bin/sh
# What a bare Debian 12 lacks to run and to test Petition Desk, and how to get it.
#
#   setup.sh          install what is missing with apt when root or sudo without a question allows, else print the
#                     exact line to type; exit code 1 when anything lacks that the program needs
#   setup.sh --list   print the packages, one a line
#
# Nothing is downloaded and apt is not called when all packages are there. Python packages are not the subject of this
# file: they are locked in requirements.lock. On a system without dpkg nothing is done: see README.md for what to install.
set -eu

needed() {
    # Python: the standard library's venv and pip are packages of their own on Debian. Bare Python starts without them.
    echo python3 python3-venv ca-certificates

    # The window (Qt 6 on X11, on Wayland and without a screen): libraries that the Qt wheels expect from the system.
    echo libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6
    echo libxkbcommon0 libxkbcommon-x11-0 libx11-6 libx11-xcb1 libxcb1
    echo libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0 libxcb-render-util0
    echo libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1
    echo libwayland-client0 libwayland-cursor0 libwayland-egl1

    # Printing from the window.
    echo libcups2

    # Letters: FangSong, Song, Hei, Kai and a wide font for rare names, all free. fontconfig finds them.
    echo fontconfig fonts-noto-cjk fonts-lxgw-wenkai fonts-babelstone-han fonts-wqy-zenhei
    echo fonts-arphic-gbsn00lp fonts-arphic-gkai00mp fonts-arphic-uming
}

for_tests() {
    # Letters are read back with programs that are not ours (pdftotext, pdftoppm), and their codes too (zbarimg).
    # Without them those tests are left out and say so.
    echo poppler-utils zbar-tools

    # The city's pages are tried in a browser.
    echo chromium chromium-driver

    # The hub is tried on both its engines; the tests start a server of their own and stop it.
    echo postgresql
}

installed() {
    # Later Debians rename some libraries with t64 at the end and install those under the old name.
    for name in "$1" "$1t64"; do
        case "$(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null || true)" in
            installed) return 0 ;;
        esac
    done
    return 1
}

missing() {
    for package in "$@"; do
        installed "$package" || printf '%s ' "$package"
    done
}

say() { printf '%s\n' "$*" >&2; }

if [ "${1:-}" = "--list" ]; then
    { needed; for_tests; } | tr ' ' '\n'
    exit 0
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    say "这不是 Debian 类系统：系统库与中文字体请自行安装（见 README.md）。"
    say "This is not a Debian system: install the system libraries and Chinese fonts yourself (see README.md)."
    exit 0
fi

lacking=$(missing $(needed) $(for_tests))
lacking=${lacking% }
if [ -z "$lacking" ]; then
    exit 0
fi

line="apt-get update && apt-get install --yes --no-install-recommends $lacking"

# Tell the line to type, and stop unless the program can do without what still lacks.
leave_it() {
    say "$1"
    say "$2"
    say ""
    say "    su -c '$line'"
    say ""
    if [ -n "$(missing $(needed))" ]; then
        exit 1
    fi
    say "程序不缺这些；只有几项测试会略过。"
    say "The program needs none of them; only a few tests are left out."
    exit 0
}

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    leave_it "缺少系统软件包。请由管理员执行下面一行，然后重试：" \
        "System packages are missing. Have an administrator type this line, then try again:"
fi

say "正在安装系统软件包 / Installing system packages: $lacking"
if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q --yes --no-install-recommends $lacking; } >&2; then
    leave_it "安装未完成。请检查网络或软件源，然后执行：" \
        "The installation did not finish. Check the network or the package sources, then type:"
fi
