"""The report in a real browser: Debian's Chromium, where there is one."""

import json
import shutil

import pandas as pd
import pytest

from diplotext import Analysis, schema, write_report

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
axe = pytest.importorskip("axe_selenium_python", reason="axe-selenium-python is not installed")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (shutil.which("chromium") and shutil.which("chromedriver")),
        reason="there is no Chromium: apt-get install chromium chromium-driver",
    ),
]

HOSTILE = "</script><script>window.hurt=1</script><img src=x onerror='window.hurt=1'> \u202eevil\u2066"


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    downloads = tmp_path_factory.mktemp("downloads")
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.binary_location = shutil.which("chromium")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_window_size(1200, 900)
    driver.downloads = downloads
    yield driver
    driver.quit()


@pytest.fixture
def analysis(two_articles, two_statements):
    quotes, spans, stances = two_statements
    return Analysis(
        two_articles, sentences=schema.build_table("sentences"), quotes=quotes, spans=spans, stances=stances
    )


@pytest.fixture
def opened(driver, analysis, tmp_path):
    def opened(analysis=analysis, fragment=""):
        path = write_report(analysis, tmp_path / "report.html")
        driver.get_log("browser"), driver.get_log("performance")
        driver.get("about:blank")
        driver.get(path.as_uri() + fragment)
        _wait(driver, "document.documentElement.dataset.ready === 'yes'")
        return driver

    return opened


def _wait(driver, condition):
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(driver, 30).until(lambda d: d.execute_script(f"return {condition}"))


def _shown(driver):
    """Return the statements listed, in order."""
    return driver.execute_script("return [...document.querySelectorAll('#rows tbody a')].map(a => a.textContent)"
                                 ".filter((_, i) => i % 2 === 0)")  # fmt: skip


def test_nothing_is_loaded_and_nothing_goes_wrong(opened):
    driver = opened()
    asked = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = [m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"]
    assert urls
    assert all(url.startswith(("file:", "blob:", "data:", "about:")) for url in urls)
    assert len([url for url in urls if url.startswith("file:")]) == 1
    assert driver.get_log("browser") == []


def test_search_and_facets_narrow_what_is_shown(opened):
    driver = opened()
    assert len(_shown(driver)) == 2
    driver.find_element("css selector", "#rows_wrapper input[type=search].dt-input").send_keys("welcomes")
    _wait(driver, "document.querySelectorAll('#rows tbody tr').length === 1")
    assert _shown(driver) == ["Ostrel welcomes the talks"]
    driver = opened()
    panes = driver.execute_script("return [...document.querySelectorAll('.dtsp-searchPane')]"
                                  ".map(p => p.querySelector('input').placeholder)")  # fmt: skip
    assert panes == ["Speaker", "Country", "Posture", "Toward", "Stance", "Outlet", "Week", "How sure"]
    driver.execute_script("[...document.querySelectorAll('.dtsp-searchPane td')]"
                          ".find(td => td.textContent.startsWith('threaten')).click()")  # fmt: skip
    _wait(driver, "document.querySelectorAll('#rows tbody tr').length === 1")
    assert _shown(driver) == ["“We will close the pass if the convoy moves,”"]


def test_a_number_leads_to_its_statements_and_a_statement_to_its_place(opened):
    driver = opened()
    driver.find_element("partial link text", "XMV → Ostrel").click()
    _wait(driver, "document.querySelectorAll('#rows tbody tr').length === 1")
    driver.find_element("partial link text", "close the pass").click()
    _wait(driver, "document.querySelector('dialog[open] .here') !== null")
    assert driver.find_element("css selector", "dialog .here").text == "“We will close the pass if the convoy moves,”"
    facts = driver.find_element("css selector", "dialog dl").text
    assert "threaten (conditional)" in facts
    assert "Ostrel: oppose 0.90" in facts


@pytest.mark.parametrize(("fragment", "here"), [("#statement=q2", "Ostrel welcomes the talks"), ("#article=a2", None)])
def test_every_statement_and_article_has_an_address(opened, fragment, here):
    driver = opened(fragment=fragment)
    assert driver.find_element("css selector", "dialog[open] h2").text == "Story a2"
    assert [e.text for e in driver.find_elements("css selector", "dialog .here")] == [here] * (here is not None)


def test_the_keyboard_comes_past_the_links_to_the_content(opened):
    driver = opened()
    driver.find_element("css selector", "body").send_keys("\ue004")  # the tabulator
    assert driver.switch_to.active_element.text == "Skip to the content"
    driver.switch_to.active_element.send_keys("\ue007")
    assert driver.switch_to.active_element.get_attribute("id") == "main"


def test_statements_are_printed_though_a_screen_shows_some(opened, analysis):
    quotes, stances = (
        pd.concat([t.assign(quote_id=t["quote_id"] + str(n)) for n in range(20)], ignore_index=True)
        for t in (analysis.quotes, analysis.stances)
    )
    driver = opened(analysis._replace(quotes=quotes, stances=stances))
    assert len(_shown(driver)) == 25
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(_shown(driver)) == 40
    driver.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(_shown(driver)) == 25


def test_an_address_that_is_not_here_is_said(opened):
    assert opened(fragment="#statement=q99").find_element("id", "missing").is_displayed()


def test_csv_holds_what_is_shown(opened):
    driver = opened(fragment="#posture=threaten")
    driver.find_element("css selector", "button.buttons-csv").click()
    for _ in range(100):
        if list(driver.downloads.glob("*.csv")):
            break
        driver.execute_async_script("setTimeout(arguments[0], 100)")
    table = pd.read_csv(driver.downloads / "statements.csv")
    assert table[["id", "Statement", "Posture", "Toward", "stance_p"]].to_numpy().tolist() == [
        ["q1", "“We will close the pass if the convoy moves,”", "threaten", "Ostrel", 0.9]
    ]


def test_a_hostile_article_stays_text(opened, analysis):
    texts = HOSTILE + " " + analysis.articles["text"]
    offsets = ["start", "end", "raw_start", "raw_end"]
    quotes, spans = analysis.quotes.copy(), analysis.spans.copy()
    for table in (quotes, spans):
        table[offsets] += len(HOSTILE) + 1
    articles = analysis.articles.assign(text=texts, raw_text=texts, headline=HOSTILE, outlet=HOSTILE)
    hostile = analysis._replace(
        articles=articles.assign(url="javascript:alert(1)"),
        quotes=quotes.assign(speaker=HOSTILE, role=HOSTILE),
        spans=spans,
        stances=analysis.stances.assign(target=HOSTILE),
    )
    driver = opened(hostile, "#statement=q1")
    assert driver.execute_script("return window.hurt") is None
    assert driver.execute_script("return document.querySelectorAll('img[src=x]').length") == 0
    assert HOSTILE in driver.execute_script("return document.querySelector('dialog .text').textContent")
    assert driver.find_element("css selector", "dialog .here").text.startswith("“We will close the pass")
    panes = driver.execute_script("return document.querySelector('.dtsp-searchPane tbody').textContent")
    assert "<script>window.hurt=1</script>" in panes
    assert driver.get_log("browser") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "fragment"), [(1200, ""), (400, ""), (1200, "#statement=q1")])
def test_axe_finds_nothing_serious(driver, opened, scheme, width, fragment):
    dark = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    opened(fragment=fragment)
    check = axe.Axe(driver)
    check.inject()
    found = [v for v in check.run()["violations"] if v["impact"] in ("serious", "critical")]
    wide = driver.execute_script("return document.documentElement.scrollWidth")
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found] == []
    assert wide <= width
