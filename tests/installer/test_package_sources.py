"""pip's settings reach uv."""

from __future__ import annotations

from pathlib import Path

from installer.package_sources import parse_config_list, read_config_files, redacted, uv_environment


def test_strongest_setting_wins() -> None:
    listed = (
        "global.index-url='https://weak.example/simple'\n"
        "install.find-links='/a /b'\n"
        ":env:.index-url='https://strong.example/simple'\n"
        "download.index-url='https://other.example'\n"
    )
    assert parse_config_list(listed) == {"index-url": "https://strong.example/simple", "find-links": "/a /b"}


def test_everything_is_handed_on(tmp_path: Path) -> None:
    options = {
        "index-url": "https://index.example/simple",
        "extra-index-url": f"https://one.example/simple\nfile://{tmp_path} file:///gone/for/good",
        "find-links": f"{tmp_path} /gone/for/good",
        "cert": "/etc/cert.pem",
        "proxy": "http://proxy.example:8080",
        "trusted-host": "a.example b.example",
    }
    added = uv_environment(options, {})
    assert added["UV_DEFAULT_INDEX"] == "https://index.example/simple"
    assert added["UV_INDEX"] == f"https://one.example/simple file://{tmp_path}"
    assert added["UV_FIND_LINKS"] == str(tmp_path)
    assert added["SSL_CERT_FILE"] == "/etc/cert.pem"
    assert added["HTTPS_PROXY"] == added["HTTP_PROXY"] == "http://proxy.example:8080"
    assert added["UV_INSECURE_HOST"] == "a.example b.example"
    assert added["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_settings_for_uv_itself_stay() -> None:
    options = {"index-url": "https://pip.example", "extra-index-url": "https://more.example"}
    added = uv_environment(options, {"UV_INDEX_URL": "https://mine.example", "UV_INDEX_STRATEGY": "first-index"})
    assert "UV_DEFAULT_INDEX" not in added
    assert added["UV_INDEX"] == "https://more.example"
    assert added["UV_INDEX_STRATEGY"] == "first-index"


def test_config_files_are_read_without_pip(tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    lines = "[global]\nfind_links = /weak\n[install]\nextra-index-url =\n  https://x.example\n"
    config.write_text(lines, encoding="utf-8")
    options = read_config_files(
        {"PIP_CONFIG_FILE": str(config), "PIP_FIND_LINKS": "/strong", "XDG_CONFIG_HOME": str(tmp_path)}
    )
    assert options["find-links"] == "/strong"
    assert options["extra-index-url"].split() == ["https://x.example"]


def test_logins_are_never_shown() -> None:
    shown = redacted({"index-url": "https://me:secret@index.example/simple https://plain.example"})
    assert shown == {"index-url": "https://***@index.example/simple https://plain.example"}
