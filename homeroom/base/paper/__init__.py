"""Letters, forms and sheets as PDF: tagged for screen readers, the same bytes for the same input.

A template lies in the folder `paper/` of the app it belongs to, is written in typst, and begins with

    #import "/base/paper/letterhead.typ": *
    #show: sheet.with(title: data.title)

`data` is what `typeset` was given. Text of people comes in as data only, so no word of theirs is ever markup;
what they wrote in Markdown goes through `blocks.of` and is set by `words(data.body)`.
"""

from homeroom.base.paper.setting import MissingFont, lacking, typeset

__all__ = ["MissingFont", "lacking", "typeset"]
