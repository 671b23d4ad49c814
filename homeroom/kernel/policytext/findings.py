"""What may be odd about a text of the policy, each in one sentence with places for its values."""

UNCLOSED = "A bracket opens here and never closes; everything after it was taken for a note."
UNOPENED = "A bracket closes here that never opened; the paragraphs since the last note were taken for a note."
TWICE = "%(id)s stands in the text twice: here and in line %(line)s."
OUT_OF_ROW = "%(id)s is number %(place)s of its row, but %(expected)s was expected; look what is missing."
CHOSEN_BEFORE = (
    "Article VI offers no alternatives, as in a text whose board chose before. Say under “Choose” which of the three "
    "it follows; its clauses are then named by it, such as VI.Alt3.A."
)
ASTRAY = (
    "By its title, article %(id)s is the one whose clauses are looked for under %(fits)s. If so, correct its id to "
    "%(fits)s (what stands below it comes along); the public page would show its words beside other clauses."
)
RENUMBERED = (
    "Claims, forms and numbers find their clauses by their ids. What was only renumbered since text %(text)s, which is "
    "in force, should be given its old id (“Correct”; what stands below it comes along), and what is new an id of its "
    "own."
)
SAME_WORDS = "%(id)s says what %(was)s says there."

# How a file was read: line 0, since it concerns the whole.
DELETIONS = (
    "Tracked deletions in the file, which this reading leaves out: %(count)s. Accept or reject them in the file and "
    "import it again, if it is not what the board adopted."
)
INSERTIONS = "Tracked insertions in the file, which this reading keeps: %(count)s."
NO_WORDS = "Page %(page)s of the PDF holds no text; look whether it is a picture of words."
MARGINS = "The head and foot of the pages were left out: %(named)s."
BROKEN = "Words broken at the end of a line and made whole, %(count)s; look at the hyphens: %(named)s."
DRAWN = "Pieces of the text with a line drawn through them, which were taken for struck out, %(count)s: %(named)s."
NO_GAPS = (
    "A PDF has no empty lines. Whether a new paragraph begins below these lines cannot be seen, so none was taken to: "
    "%(named)s."
)
NOT_UTF_8 = "Line %(line)s is not UTF-8, so the file was read as Windows text (cp1252); look at its quotes and dashes."
