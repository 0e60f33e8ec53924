"""Where a rule of `tests.test_lint_rules` does not hold, and why.

A key is a module, a folder, or `module:function`. One that nothing needs any more fails the test of its rule.
"""

OPENS_SEALED = {
    "vault/": "the room that seals",
    "access/files.py": "after asking the policy: the one way that the other rooms have",
    "api/form_keys.py:private": "what phones encrypt to: no data of a child, and asked for by the process that opens what they sent",
    "api/waiting.py:packet_of": "what came from a phone without a child is its worker's alone; the verbs that call it ask whose it is",
    "access/drafts.py:read": "a draft is its author's alone, and is asked for by author",
    "exchange/keeping.py": "an import is its author's alone, and is asked for by author; columns are an agency's",
    "forms/records.py:Reading.whole": "what was answered in one part decides what is asked in another: only the engine gets it whole",
    "cases/keyed.py": "the keyed job: compares and posts what nobody may see; only how alike two are, and which parts agree, leaves it",
    "office/backups/places.py:of": "what opens a storage: no data of a child, and asked for by the process that makes backups",
    "people/sessions.py": "sessions are sealed by a key of their own; of a child there stand the words that its worker looked for",
    "people/adapters.py": "the secret of a second factor, for allauth to check a code against",
    "people/messages.py": "where messages reach a worker and how they leave: no data of a child, and asked for by the process that sends",
}

VIEWS_ASK_MANAGERS = {
    "office/views/desk.py:verify_log": "counts how long the log is; nothing of an entry is read",
    "office/views/deciding.py:_mine": "a proposal is about a worker; proposing.may_decide says whose it is",
}

VIEWS_CHANGE = {
    "people/views/account.py": "the worker's own sessions and language: no verbs, by the design's list",
    "people/views/second_factors.py:remove": "the worker's own second factor, on the page of their account",
}

# Names on which `update`, `save` or `create` have nothing to do with rows (`drafts`: see access/drafts.py).
NO_ROWS = {
    "Filling",
    "_hash",
    "vars",
    "families",
    "picture",
    "drafts",
    "context",
    "setdefault",
    "KeyFile",
    "Workspace",
    "digest",
    "recovery",
    "authorities",
}

CHANGES_ROWS = {
    "access/drafts.py": "drafts are no verbs",
    "access/erasing.py": "what the verb that erases takes away",
    "api/actions.py": "the verbs",
    "api/envelopes.py": "no rows: what a phone encrypted, in memory",
    "api/filing.py": "when a phone last sent: in the transaction that takes what it sent; the record is the verb's",
    "api/form_keys.py:_made": "the key that phones encrypt to, made once: no verb, nobody asks for it",
    "api/waiting.py": "which packet waits, when it is taken or by its worker's verb; the sweep, logged; what the verb that erases takes",
    "audit/": "the log itself",
    "cases/actions/": "the verbs",
    "cases/circle.py": "only verbs call what changes a circle",
    "cases/erasing.py": "what the verb that erases takes away",
    "cases/escalating.py": "whom an alert was told that a verb raised, and when the next one is: a clock, nobody asks for it",
    "cases/known.py:ask_elsewhere": "a verb",
    "cases/sweeping.py": "the sweep over the index: no verb, it changes nothing that anybody wrote",
    "config/country.py": "the demo's people, before there is anybody who could do a verb; its children come through the verbs",
    "config/management/commands/init.py": "the first people of a workspace, before there is anybody who could do a verb",
    "config/management/commands/keys.py:Command._rotate": "`begin` of a rotation: a command, in the log",
    "config/management/commands/update.py:Command.handle": "no row: `update` is the name of what it does",
    "config/rotating.py:_note_one": "that a new key is used, with its line in the log",
    "config/tree/prepare.py:prepare": "the sessions of before a workspace was locked end when it is unlocked",
    "desk/actions/": "the verbs",
    "desk/holding.py:erase": "what the verb that erases takes away",
    "desk/rekeying.py": "how far the new keys are that a verb asked for",
    "desk/retention.py": "the daily look: no verb, what it notes follows from the files",
    "forms/filling.py": "no rows: a filling in memory",
    "forms/ordering.py": "no rows: a filling in memory",
    "forms/state.py": "no rows: a filling in memory",
    "procedures/vocabulary.py": "no rows: words that rooms register",
    "exchange/actions/": "the verbs",
    "exchange/attempts.py": "how often the work broke off that a verb began",
    "exchange/erasing.py": "what the verb that erases takes away",
    "exchange/keeping.py": "what the verb that discards takes away, and the sweep: like a draft that grew old",
    "exchange/taking.py": "a batch of what a verb began; each child in it is registered by the verb",
    "exchange/work.py": "how far the work is that a verb began",
    "forms/erasing.py": "what the verb that erases takes away",
    "forms/kept.py": "a pack's form becomes a version at its first use: no verb, it follows from the pack; `keep` is called by verbs",
    "hotline/actions/": "the verbs",
    "hotline/beginning.py": "how a matter and a call begin: called by verbs, and where a telephone system or the public page is heard",
    "hotline/door.py:_heard": "a telephone system that announces a call: nobody acts yet; the call is the first line",
    "hotline/erasing.py": "what the verb that erases takes away",
    "hotline/marks.py": "whether a number is known again: inside what writes the number",
    "hotline/recruiters.py": "marks that follow from what the calls say: inside the verbs that write or move a call",
    "hotline/ringing.py": "a call rings, or its caller hung up: what a telephone system says; what is over by the pack's period, logged",
    "hotline/sources.py:let_go": "a matter in nobody's hands, inside the verb that keeps its holder out of the child's file",
    "hotline/tallies.py": "numbers that follow from what verbs do",
    "identification/actions/": "the verbs",
    "identification/carrying.py": "what a case takes along from a matter, inside the verb that opens it",
    "identification/erasing.py": "what the verb that erases takes away",
    "office/actions/": "the verbs",
    "office/backups/": "how far a backup is that a verb or the plan asked for, and rows that come back out of one",
    "office/health/__init__.py:add": "no row: a probe that a room adds",
    "office/health/clocks.py:keep": "by how much clocks of devices differ: numbers, about nobody",
    "people/doors.py": "when a session locked and was last proved: sessions are no verbs",
    "people/looks.py": "that a screen should look, for verbs; a thread sweeps what every screen has heard",
    "people/messages.py": "messages that verbs post and a thread sends; the worker's own addresses; how they leave, a command in the log",
    "people/factors.py": "the worker's own factors; `clear` is called by the verb that confirms a new way in",
    "people/invitations.py": "`invite` is called by verbs; `accept` is the invited worker's own, before they can act",
    "people/models.py:UserManager": "making a user; called by verbs and by the first two ways into a workspace",
    "people/sessions.py": "sessions are no verbs",
    "people/views/": "see VIEWS_CHANGE",
    "vault/erasing.py": "called by the verb that erases, and when a backup is restored",
    "vault/erasures.py": "an erasure list that a restore replays",
    "vault/generations.py": "what a sweep moves from one generation of the index to the next",
    "vault/index.py": "postings follow from what verbs write",
    "vault/models.py": "a subject begins with its key; called by whoever makes the row about it",
    "vault/refiling.py": "sealed files under another key: it changes nothing that anybody wrote",
    "vault/resealing.py": "the same, of all that a subject has",
    "vault/rotating.py": "how data keys are wrapped: it changes nothing that anybody wrote",
}

CALLED_BY_VERBS = {
    "hotline/actions/standing.py": "locks, who waits on hold, when a matter was last touched: inside the verb's transaction",
    "cases/actions/alerting.py:begin_alert": "an alert that another verb raises",
    "cases/actions/settling.py:taken": "an alert that somebody has, for the verbs by which they do",
    "identification/actions/stating.py:state": "a statement, for the verbs that state something",
    "cases/actions/guarding.py:keep_out": "a conflict, for the verb that records one and the one that records a suspect",
    "cases/actions/following.py": "which steps are due, for lists: verbs call it, and a thread after an import or with another pack",
    "cases/actions/marking.py": "the line in the timeline, the version, the dates of lists: inside the verb's transaction",
    "cases/actions/changing.py:replace": "what stands in identity, contacts or safety, for verbs that correct and that put a row in",
    "cases/actions/facts.py:write_sheet": "a sheet, for verbs that write facts and that put a row in",
    "cases/actions/writing.py:add_task": "a task that another verb raises",
    "office/actions/proposing.py:give": "of `invite` and `propose_role`, which both give a role",
}

NOT_A_PAGE = {
    "cases/views/circle.py:chosen_agency": "what stands in the address, for two pages",
    "cases/views/screens.py": "a screen of a form, for pages of filling and of correcting",
    "cases/views/registering.py:tell_of_age": "a message, for two pages",
    "cases/views/telling.py:tell_with_link": "a message, for several pages",
    "cases/views/telling.py:about": "the head that pages about one case share",
}

COMPARES_ROLES = {
    "access/files.py": "the policy, applied to a file",
    "api/actions.py:sees_all": "who looks after the machine, by the policy's KEPT_APART",
    "cases/actions/": "which place in a circle a grant is, and which one a verb gives or ends; the table said that it may",
    "cases/alerts.py": "who could take an alert, by the policy's MAY_JOIN_AS and ALERT_TAKE",
    "access/leafing.py": "the policy, applied to thousands of files",
    "cases/answering.py": "who is a supervisor, by the policy's BY_OWNERSHIP; the table said who may judge",
    "cases/circle.py": "which place in a circle a grant is; who fits one is the policy's MAY_JOIN_AS",
    "cases/news.py": "who can be in a circle at all, by the policy's MAY_JOIN_AS; which place in a circle a grant is",
    "cases/my_day.py:_asked": "which figures are of use to somebody; each counts what `visible_to` gives",
    "cases/my_day.py:head": "the same",
    "cases/overdue.py": "whose work a step is, to count it; no file is opened",
    "cases/queries.py": "which place in a circle a grant is",
    "cases/reach.py:Place": "which place in a circle a grant is, to print it",
    "cases/views/circle.py": "which place in a circle a grant is, to list and to name it",
    "cases/views/file.py": "whether an emergency access is all that lets somebody in, to say so on the page",
    "desk/people.py": "who is an officer, by the policy's BY_OFFICE",
    "hotline/hearing.py:_at_work": "whose screens show that a call rings: the operators'; what they see of it the policy says",
    "hotline/matters.py:colleagues": "who works on matters, by the policy's MATTERS_BY_OWNERSHIP",
    "office/actions/arranging_duty.py:add": "who takes alerts, by the policy's ALERT_TAKE",
    "office/actions/leaving.py": "a deputy has the same role; the last data protection officer stays",
    "office/actions/proposing.py:may_decide": "the second person, by the policy's SECOND_PERSON",
    "office/actions/reach.py": "whose workers somebody looks after, by the policy's EVERY_AGENCY",
    "office/models.py:Proposal.second_person": "the second person, by the policy's SECOND_PERSON",
    "office/views/leave.py": "whose leave to list and what the page says of it; the verb decides",
    "office/workers.py": "whose workers somebody looks after, by the policy's EVERY_AGENCY",
}

READS_THE_CLOCK = {
    "audit/management/": "a command",
    "config/country.py:load": "a command, where no moment is given",
    "config/management/": "commands",
    "people/clock.py:clock": "the edge: what the pages call now",
}

PRINTS = {
    "config/terminal.py": "a conversation at the terminal, before Django is there",
    "config/unlocking.py": "a conversation at the terminal, before Django is there",
}

MARKS_SAFE = {"web/templatetags/web.py:icon": "the drawings of icons are constants of the package"}

SWALLOWS = {
    "__main__.py:speak": "where there is no header there is no language; what needs the header says so in a sentence",
    "config/tree/control.py:Control.serve_one": "told on the error stream; whoever asked hears nothing, which they are told of as such",
    "office/actions/packing.py:_begin_anew": "who serves reads the header at its next start; the pack is changed and in the log by then",
    "vault/arrivals.py:Opener.take": "a packet that its room can't handle is set aside whole, counted and logged",
    "vault/arrivals.py:Opener._take_all": "all of it is undone; then each packet is taken alone, and says what is wrong with it",
    "vault/rounds.py:Rounds.round": "logged, and tried again: the other work of the process goes on",
}
