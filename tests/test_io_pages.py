"""The story of a web page, whole and alone: a table of page layouts, each built here around one invented story."""

import json
import random

import pytest

from diplotext.io.decoding import InputError
from diplotext.io.pages import extract_page

STORY = [
    "OSTREL, Marvania (MPA) — Foreign Minister Ilse Toran said on Monday that Marvania would close the northern pass "
    "if the convoy moved before the talks in Halsund had ended.",
    "“We have asked three times for an answer,” Toran told reporters after a meeting of the cabinet. “We will not ask "
    "a fourth time.”",
    "Lethia rejected the demand within the hour.",
    "“No.”",
    "That single word, sent by Prime Minister Corinne Adaly’s office to every newsroom in Pelenne, was followed by a "
    "longer statement which accused Ostrel of staging an emergency for its own voters.",
    "According to two officials with knowledge of the matter, the convoy of forty lorries carries turbine parts that "
    "were ordered in 2019 and paid for by the League of Selm River States.",
    "Pavla Reist, a spokeswoman for President Andrej Kolvar, said the government was ready to talk “tonight, tomorrow, "
    "or whenever a chair is free,” but she declined to say what it would offer.",
    "Analysts were doubtful. Ottoline Fay, who studies shared rivers at the Iverra Institute, called the threat “a "
    "door slammed in an empty house” and noted that the road is snowed in until April.",
    "The talks in Halsund are due to resume on Thursday.",
]
TITLE = "Toran threatens to close the pass"
H1 = f"<h1>{TITLE}</h1>"
HEAD = (
    f'<meta charset="utf-8"><title>{TITLE} - The Selm Wire</title><meta property="og:title" content="{TITLE}">'
    '<meta property="og:site_name" content="The Selm Wire">'
    '<meta property="article:published_time" content="2031-03-04T09:30:00+01:00">'
)
NAV = (
    '<header class="masthead"><nav><ul><li><a href="/">Home page</a></li><li><a href="/w">World affairs</a></li>'
    "</ul></nav></header>"
)
FOOT = "<footer><p>Terms of service and privacy notice of the wire.</p></footer>"
LINKS = "".join(
    f'<li><a href="/r{i}">{title}</a></li>'
    for i, title in enumerate(
        ("Lorries queue for a third night at Brod", "What the transit treaty of 1974 says", "Opinion: no lever")
    )
)
RELATED = f'<div class="related-stories"><h3>Related stories</h3><ul>{LINKS}</ul></div>'


def paragraphs(first=0, last=None):
    return "".join(f"<p>{text}</p>" for text in STORY[first:last])


def wrap(before, after):
    return "".join(f"{before}{text}{after}" for text in STORY)


def make_page(body, head=HEAD):
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{NAV}{body}{FOOT}</body></html>'


LAYOUTS = {
    "a weblog": f"""<div class="site-content"><article class="post category-world tag-marvania"><header>{H1}
        <div class="entry-meta">By <a rel="author">Lena Marsh</a> on March 4, 2031</div></header>
        <div class="entry-content">{paragraphs(0, 3)}<p><strong>READ MORE: <a href="/r">Lorries queue</a></strong></p>
        {paragraphs(3)}<div class="sharedaddy sd-sharing"><h3>Share this:</h3><ul><li><a>Ripple</a></li></ul></div>
        <div id="jp-relatedposts">{RELATED}</div></div><footer>Tagged <a>Marvania</a></footer></article>
        <div class="author-box"><p>Lena Marsh is a reporter who covers the rivers and has won two prizes.</p></div>
        <div id="comments" class="comments-area"><ol class="comment-list"><li><p>I have driven up there for thirty
        years and it never closed before January.</p></li></ol></div></div>""",
    "line breaks in a table": f"""<table><tr><td><a href="/a">Left one</a><br><a href="/b">Left two</a></td>
        <td><b>{TITLE}</b><br>By Lena Marsh<br><br>{"<br><br>".join(STORY)}</td><td>An advert</td></tr></table>""",
    "one form around everything": f"""<form id="aspnetForm"><div class="col-main">{H1}
        <div class="news-text">{paragraphs()}</div></div><div class="col-side">{RELATED}</div></form>""",
    "paragraphs that are divs": f"""<article><h1 class="pg-headline">{TITLE}</h1><section id="body-text"><div>
        <p class="zn-body__paragraph">{STORY[0]}</p>
        {"".join(f'<div class="zn-body__paragraph">{t}</div>' for t in STORY[1:5])}
        <div class="el__embedded"><h3 class="cd__headline"><a href="/r">Lorries queue for a third night</a></h3></div>
        {"".join(f'<div class="zn-body__paragraph">{t}</div>' for t in STORY[5:])}</div></section></article>""",
    "each paragraph in its own box": f"""<main><article>{H1}<div data-component="byline-block">Lena Marsh, Ostrel</div>
        <div data-component="image-block"><figure><figcaption>Ilse Toran in Ostrel</figcaption></figure></div>
        {wrap('<div data-component="text-block"><div class="sc-1"><p>', "</p></div></div>")}
        <div data-component="links-block"><ul>{LINKS}</ul></div></article></main>""",
    "boxes with a misleading name": f"""<main>{H1}
        {wrap('<div class="widget-text social-embed"><div><p>', "</p></div></div>")}</main>{RELATED}""",
    "advertisements and newsletters between": f"""<div class="article__main">{H1}{
        wrap(
            '<section class="section"><p class="article__paragraph">',
            '</p></section><div class="adslot">Advertisement</div><div class="inline-newsletter"><h4>Morning Wire</h4>'
            "<p>Six stories before your second coffee, in your inbox every weekday.</p></div>",
        )
    }</div>""",
    "appeals as plain paragraphs": f"""<article>{H1}<div class="content">{paragraphs(0, 4)}
        <p><em>Sign up for our weekly newsletter on the river states, delivered to your inbox.</em></p>
        <p>Advertisement</p>{paragraphs(4)}<p><em>Follow Lena Marsh on Ripple at @lenamarsh.</em></p>
        <p>Have a tip about the convoy? Email tips@selmwire.example.</p>
        <p>© 2031 The Selm Wire. All rights reserved.</p></div></article>""",
    "links as plain paragraphs": f"""<article>{H1}<div class="article-body">{paragraphs(0, 2)}
        <p><a href="/r"><strong>LORRIES QUEUE FOR A THIRD NIGHT AT BROD</strong></a></p>{paragraphs(2, 5)}
        <ul>{LINKS}</ul><p>Read more:</p><p><a href="/r">What the transit treaty of 1974 says</a></p>{paragraphs(5, 7)}
        <p><strong><a href="/app">CLICK HERE TO GET THE WIRE NEWS APP</a></strong></p>{paragraphs(7)}
        <p>More on this story</p><div class="x-links"><ul>{LINKS}</ul></div></div></article>""",
    "captions as paragraphs": f"""<article>{H1}<div class="text">
        <p class="img-caption">Ilse Toran leaves the cabinet room on Monday. Lev Marsh / Wire Pictures</p>
        {paragraphs(0, 4)}<div class="wp-caption"><p class="wp-caption-text">A lorry waits below the summit.</p></div>
        {paragraphs(4, 6)}<p>Photo: Lev Marsh</p>{paragraphs(6)}</div></article>""",
    "a biography below": f"""<article>{H1}<div class="content">{paragraphs()}<hr><p><em>Lena Marsh is a correspondent
        for The Selm Wire based in Ostrel. She covers energy and water.</em></p></div></article>""",
    "a summary above": f"""<article><header>{H1}<p class="c-header__deck">Foreign minister sets a limit; Lethia answers
        with a word</p></header><div class="c-body">{paragraphs()}</div></article>""",
    "more comments than story": f"""<article>{H1}<div class="body">{paragraphs()}</div></article>
        <section id="disqus" class="comments"><h2>Comments</h2>{
        "".join(
            f'<div class="comment"><p>Reader {i} thinks that the road ought to be open in every season, whatever the '
            "ministers say about lorries and turbines.</p></div>"
            for i in range(30)
        )
    }</section>""",
    "another article below": f"""<div id="main"><article><header>{H1}</header><div class="article-content">
        {paragraphs()}</div></article><article><header><h1>Rice prices rise in Pelenne</h1></header>
        <div class="article-content"><p>Rice prices in Pelenne rose for a third week as
        growers waited for water to reach the southern fields of the delta, the growers’ union said.</p><p>The union’s
        head, Hana Brill, said her members had lost a quarter of the crop and would ask
        the ministry for help before the end of the month.</p></div></article></div>""",
    "linked and marked words in sentences": f"""<article>{H1}<div class="post-content">{
        paragraphs()
        .replace("Marvania", '<a class="tag-link" href="/t">Marvania</a>')
        .replace("Lethia", '<a class="related-link" data-component="auto-linked-tag">Lethia</a>')
        .replace("said", '<span class="highlight-share">said</span>')
    }</div></article>""",
    "a dateline of its own": f"""<article>{H1}<div class="dateline-wrap">OSTREL, Marvania (MPA) — </div>
        <div class="story-body"><p>{STORY[0].split("— ")[1]}</p>{paragraphs(1)}</div></article>""",
    "a pull quote and a post": f"""<article>{H1}<section class="body">{paragraphs(0, 5)}<aside class="pullquote"><p>A
        door slammed in an empty house</p></aside><blockquote class="twitter-tweet"><p>Chairs are ready.</p>— Office
        (@office)</blockquote>{paragraphs(5)}</section></article>""",
    "hidden from those who do not pay": f"""<article>{H1}<div class="body">{paragraphs(0, 3)}
        {"".join(f'<p style="display:none">{t}</p>' for t in STORY[3:])}</div></article>""",
    "tags that are never closed": f"""<div class=content>{H1}{"".join(f"<p>{t}" for t in STORY)}
        <div class=related><a href=/r>Lorries queue for a third night at Brod</a></div>""",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_story_is_whole_and_alone(layout):
    expected = list(STORY)
    found = extract_page(make_page(LAYOUTS[layout])).text.split("\n\n")
    if layout == "hidden from those who do not pay":
        expected.remove("“No.”")  # under the 40 characters that count as prose
    assert found == expected


def test_a_story_of_three_lines_among_many_teasers():
    cards = "".join(
        f'<div class="card"><h3><a href="/k{i}">Card {i} about the river</a></h3><p>A summary of card {i} that runs '
        "over a line and ends with a stop.</p></div>"
        for i in range(12)
    )
    page = make_page(f'<div class="layout">{RELATED}<div class="main">{H1}{paragraphs(0, 3)}</div>{cards}</div>')
    assert extract_page(page).text.split("\n\n") == STORY[:3]


def test_lists_subheadings_and_block_quotes_of_the_story_stay():
    demands = ["The convoy must stay in Brod until Thursday.", "Observers must open every crate."]
    statement = ["The government of Lethia regards the pass as an open road.", "It will answer any barrier in kind."]
    body = (
        f"{H1}<div class='story-body'>{paragraphs(0, 3)}<p>Toran set out two demands:</p><ul>"
        f"{''.join(f'<li>{d}</li>' for d in demands)}</ul><h2>A short answer</h2>{paragraphs(3, 6)}<blockquote>"
        f"{''.join(f'<p>{s}</p>' for s in statement)}</blockquote>{paragraphs(6)}</div>"
    )
    expected = [*STORY[:3], "Toran set out two demands:", *demands, "A short answer"]
    expected += [*STORY[3:6], *statement, *STORY[6:]]
    assert extract_page(make_page(f"<main><article>{body}</article></main>")).text.split("\n\n") == expected


def test_contributor_lines_and_corrections_are_left_to_cleaning():
    last = [
        "Reporting by Lena Marsh in Ostrel; Editing by Bram Ostler",
        "Correction: An earlier version misnamed Brod.",
    ]
    page = make_page(f"<article>{H1}<div class='body'>{paragraphs()}<p>{last[0]}</p><p>{last[1]}</p></div></article>")
    assert extract_page(page).text.split("\n\n") == STORY + last


def test_short_turns_of_a_briefing_stay():
    turns = [
        "MS. REIST: Good afternoon, everyone. I have two things at the top, and then I will take your questions.",
        "Q Will the road be closed?", "MS. REIST: Not today.", "Q Tomorrow?", "MS. REIST: Nothing to announce on that.",
    ]  # fmt: skip
    page = make_page(f"<article>{H1}<div class='body'>{''.join(f'<p>{t}</p>' for t in turns)}</div></article>")
    assert extract_page(page).text.split("\n\n") == turns


def test_the_opening_sentence_set_off_under_the_headline_is_story_and_a_summary_is_not():
    lede = "Two border guards who fired flares over a survey boat were dismissed from service by a court in Ostrel."
    summary = "Toran said Marvania would close the northern pass if the convoy moved before talks in Halsund ended."

    def page(deck):
        header = f"<header>{H1}<p class='standfirst'>{deck}</p></header>"
        return make_page(f"<article>{header}<div>{paragraphs()}</div></article>")

    assert extract_page(page(lede)).text.split("\n\n") == [lede, *STORY]
    assert extract_page(page(summary)).text.split("\n\n") == STORY


def linked(**more):
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **more}
    return f'{HEAD}<script type="application/ld+json">{json.dumps(data)}</script>'


def test_a_page_that_a_script_fills_gives_what_its_publisher_declares():
    page = make_page(f'{H1}<div id="app">Loading…</div>', linked(articleBody="\n\n".join(STORY)))
    assert extract_page(page).text.split("\n\n") == STORY


def test_a_declared_body_that_is_a_summary_does_not_replace_the_story():
    page = make_page(f"<article>{H1}<div class='body'>{paragraphs()}</div></article>", linked(articleBody=STORY[0]))
    assert extract_page(page).text.split("\n\n") == STORY


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("She called it <q>a door</q>.", "She called it “a door”."),
        ("She said <q>he called it <q>a door</q></q>.", "She said “he called it ‘a door’”."),
        ("She called it <q>“a door”</q>.", "She called it “a door”."),
        ("She called it <q>a <b>door</b></q>, twice.", "She called it “a door”, twice."),
    ],
)
def test_q_elements_get_their_marks(markup, expected):
    page = make_page(f"<article>{H1}<div class='body'>{paragraphs()}<p>{markup}</p></div></article>")
    assert extract_page(page).text.split("\n\n")[-1] == expected


def test_facts_come_from_linked_data_before_meta_before_text():
    head = linked(
        datePublished="2031-03-04T08:30:00Z",
        author=[{"@type": "Person", "name": "Lena Marsh"}, {"@type": "Person", "name": "Bram Ostler"}],
        publisher={"@type": "Organization", "name": "The Selm Wire &amp; Post"},
        mainEntityOfPage={"@id": "https://wire.example/pass"},
    )
    fields = extract_page(make_page(f"<article>{H1}<div>{paragraphs()}</div></article>", head)).fields
    assert fields == {
        "headline": TITLE, "outlet": "The Selm Wire & Post", "published": "2031-03-04T08:30:00Z",
        "url": "https://wire.example/pass", "byline": "Lena Marsh; Bram Ostler",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "h1", "expected"),
    [
        (f"<title>{TITLE} | The Selm Wire</title>", "", TITLE),
        (f"<title>{TITLE} - The Selm Wire</title><meta property='og:site_name' content='The Selm Wire'>", "", TITLE),
        ("<title>Toran - a life in the pass</title>", "", "Toran - a life in the pass"),
        (f"<title>{TITLE}</title>", "The Selm Wire", TITLE),
        ("<title>escenic</title>", TITLE, TITLE),
        ("<meta property='og:title' content='Toran threatens to close pass, Lethia says no'>", TITLE, TITLE),
    ],
)
def test_the_headline_is_the_one_printed_where_the_page_agrees(head, h1, expected):
    page = make_page(f"<article>{f'<h1>{h1}</h1>' if h1 else ''}<div>{paragraphs()}</div></article>", head)
    assert extract_page(page).fields["headline"] == expected


def test_pages_do_not_depend_on_those_read_before():
    pages = [make_page(body) for body in LAYOUTS.values()]
    alone = [extract_page(page) for page in pages]
    again = pages * 3
    random.Random(5).shuffle(again)  # a shared cache of repeated passages would empty the later ones
    assert all(extract_page(page) == alone[pages.index(page)] for page in again)


@pytest.mark.parametrize("page", ["", "   ", "<html></html>", "<html><body><script>x()</script></body></html>"])
def test_a_page_without_a_story_is_refused_with_advice(page):
    with pytest.raises(InputError, match=r"(?i)story|page") as caught:
        extract_page(page)
    assert caught.value.advice


def test_a_deep_and_a_long_page_are_read():
    deep = "<div>" * 200 + paragraphs() + "</div>" * 200
    assert STORY[1] in extract_page(make_page(f"<article>{H1}{deep}</article>")).text
    line = "<p>" + "The minister said the road was open. " * 20_000 + "</p>"
    assert len(extract_page(make_page(f"<article>{H1}{line}{paragraphs()}</article>")).text) > 700_000


@pytest.mark.parametrize(
    "box",
    [
        "<div class='x7'><h3>The Lake Letter</h3><p>Every Friday the five best stories, chosen by our editors.</p>"
        "<form><input type='email'><button>Go</button></form></div>",
        "<div class='x7'><p>Sign up to River Brief</p><p>Our morning email breaks down the key stories of the day</p>"
        "<small>Privacy Notice: Newsletters may hold information about charities.</small></div>"
        "<p>after newsletter promotion</p>",
        "<div class='wp-block-jetpack-subscriptions'><p>Type your email…</p></div>",
        "<p>Read the full text of the speech <a href='/t'>here</a>.</p>",
        "<p><img src='a.jpg'><br><em>Two lorries wait below the summit, late on Monday.</em></p>",
        "<p><img src='a.jpg'>Two lorries wait. Photo: Lev Marsh</p>",
    ],
    ids=["form", "promotion", "subscriptions", "here", "caption", "credit"],
)
def test_boxes_in_the_middle_of_the_story_go(box):
    page = make_page(f"<main>{H1}<div class='c'>{paragraphs(0, 4)}{box}{paragraphs(4)}</div></main>")
    assert extract_page(page).text.split("\n\n") == STORY


def test_what_stands_between_headline_and_story_goes():
    for deck in ("<h3 class='subtitle'>And why it may work</h3>", "<ul data-testid='Summary'><li>One</li></ul>"):
        page = make_page(f"<article>{H1}{deck}<div class='c'>{paragraphs()}</div></article>")
        assert extract_page(page).text.split("\n\n") == STORY


def test_story_near_to_those_rules_stays():
    near = [
        "Read aloud in the chamber, the letter drew laughter from the benches on the left.",
        "She showed a picture: two lorries, side by side, below the summit of the pass.",
        "The ministry said it would use cookies and tea to keep the delegates awake for another night.",
    ]
    more = "".join(f"<p>{n}</p>" for n in near)
    page = make_page(f"<article>{H1}<div class='c'>{paragraphs()}{more}</div></article>")
    assert extract_page(page).text.split("\n\n") == STORY + near


@pytest.mark.parametrize(
    "words",
    [
        "We and our 312 partners use cookies to process personal data such as browsing behaviour on this device.",
        "Sorry, the page you are looking for could not be found. It may have been moved. Go back to the front page.",
        "You need to enable JavaScript to run this app, and to reload the page once you have done so.",
        "Please verify that you are a human by completing the task below, and we will let you through to the page.",
        "You have read all of your free articles. Subscribe now to continue reading this story, or sign in.",
        "Your browser does not support frames, and this page is made of them. Please get a newer one.",
    ],
)
def test_a_message_of_the_site_is_no_story(words):
    with pytest.raises(InputError, match="no story was found in the page"):
        extract_page(make_page(f"<div id='w'><h2>Notice</h2><p>{words}</p></div>", "<title>Notice</title>"))


def test_a_page_that_declares_nothing_has_the_headline_printed():
    page = f"<html><body><article>{H1}{paragraphs()}</article></body></html>"
    assert extract_page(page).fields["headline"] == TITLE


@pytest.mark.parametrize("body", ["<p>" + "<em>w</em> " * 4000 + "</p>", "<p><i></i></p>" * 60_000])
def test_endless_pages_are_refused(body):
    with pytest.raises(InputError, match=r"has [4-9],000 pieces; at most 3,000|has 12\d,\d+ elements; at most 100,000"):
        extract_page(make_page(body))


@pytest.mark.parametrize("piece", ["<img src=a> word ", "words of a line<br>", "<input type=email>"])
def test_many_small_pieces_lose_no_story(piece):
    page = extract_page(make_page(f"<article><p>{piece * 500}</p>{paragraphs()}</article>"))
    assert page.text.endswith(extract_page(make_page(f"<article>{paragraphs()}</article>")).text[-200:])
