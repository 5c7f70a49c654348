# Reads every Swift file of the core once; see check-arrows for what it proves and how it is called.
#
# Seen: types (struct, class, enum, protocol, actor, typealias) at the top of a file or nested in
# an extension, and functions at the top of a file. A name that the file's own floor or a lower one
# also defines is taken to mean that one. Not seen: methods, operators, and macros.

BEGIN {
    split("Core Backends Engine Operators Transforms", floorNames, " ")
    for (i in floorNames) floorOf[floorNames[i]] = i + 0
    while ((getline line < exceptions) > 0) {
        exceptionLine++
        if (line ~ /^[ \t]*(#|$)/) continue
        n = split(line, word, /[ \t]+/)
        if (n < 3) complain(exceptions ":" exceptionLine ": say FILE NAME REASON")
        else allowed[word[1] " " word[2]] = exceptionLine
    }
}

FNR == 1 {
    if (file != "" && (depth != 0 || nested != 1)) unbalanced()
    file = FILENAME
    path = file
    sub(/^.*Sources\/AdjointCore\//, "", path)
    folder = path
    if (!sub(/\/.*/, "", folder) || !(folder in floorOf))
        complain(path ": lies on no floor; the floors are Core, Backends, Engine, Operators, Transforms")
    floor = floorOf[folder] + 0
    files++
    depth = comment = generics = hidden = 0
    nested = 1; mode[1] = "code"; parens[1] = 0
    previous = beforePrevious = pending = ""
}

{ lines++; walk(plain($0)) }

END {
    if (files && (depth != 0 || nested != 1)) unbalanced()
    for (key in typeUse) judge(key, typeUse[key], "type", lowestType, topType)
    for (key in memberUse) judge(key, memberUse[key], "type", lowestType, memberType)
    for (key in callUse) judge(key, callUse[key], "function", lowestFunction, topFunction)
    for (key in allowed) if (!(key in spent))
        complain(exceptions ":" allowed[key] ": \"" key "\" excuses nothing any more; remove the line")
    if (bad) exit 1
    if (!files) { print "arrows: no Swift file in Sources/AdjointCore"; exit 1 }
    print "arrows: " files " files, " lines " lines, every name on its own floor or below"
}

function complain(text) { print "arrows: " text; bad++ }

function unbalanced() { complain(file ": its braces or quotes do not balance here; check-arrows cannot read it") }

# A name is one too many when it is defined only on floors above the file that names it.
function judge(key, at, kind, lowest, definedAt,    part, name, mine, high) {
    split(key, part, " ")
    name = part[2]; mine = fileFloor[part[1]]
    if (!mine || !(name in definedAt) || key in ownName || lowest[name] <= mine) return
    if (key in allowed) { spent[key] = 1; return }
    high = lowest[name]
    complain(part[1] ":" at ": " floorNames[mine] " names the " kind " " name ", which " \
        floorNames[high] " defines (" origin[kind " " name] ")" \
        (mine == 3 && high == 4 ? "; the engine names no operator" : ""))
}

# The line without comments and literals; what is interpolated into a string is kept as code.
function plain(s,    out, at, c, rest, hashes, quote) {
    if (mode[nested] == "code" && nested == 1 && !comment && index(s, "\"") == 0 && index(s, "/*") == 0) {
        sub(/\/\/.*/, "", s)
        return s
    }
    out = ""
    while (s != "") {
        if (comment) {
            if (!match(s, /\*\/|\/\*/)) return out
            comment += substr(s, RSTART, 2) == "/*" ? 1 : -1
            s = substr(s, RSTART + 2)
        } else if (mode[nested] == "code") {
            if (!match(s, /\/\/|\/\*|#*"|[()]/)) return out s
            out = out substr(s, 1, RSTART - 1)
            c = substr(s, RSTART, RLENGTH)
            s = substr(s, RSTART + RLENGTH)
            if (c == "//") return out
            if (c == "/*") comment = 1
            else if (c == "(") { parens[nested]++; out = out c }
            else if (c == ")") {
                out = out c
                if (nested > 1 && parens[nested] == 0) nested--
                else parens[nested]--
            } else {
                nested++
                if (substr(s, 1, 2) == "\"\"") { mode[nested] = "block"; s = substr(s, 3) }
                else mode[nested] = "string"
                pounds[nested] = substr(c, 1, length(c) - 1)
            }
        } else {
            hashes = pounds[nested]
            quote = mode[nested] == "block" ? "\"\"\"" : "\""
            if (!match(s, /["\\]/)) { s = ""; break }
            s = substr(s, RSTART)
            if (substr(s, 1, length(quote hashes)) == quote hashes) {
                s = substr(s, length(quote hashes) + 1)
                nested--
                out = out " 0 "
            } else if (substr(s, 1, 1) == "\\" && substr(s, 2, length(hashes) + 1) == hashes "(") {
                s = substr(s, length(hashes) + 3)
                out = out " ("
                mode[++nested] = "code"
                parens[nested] = 0
            } else if (substr(s, 1, 1) == "\\" && hashes == "") s = substr(s, 3)
            else s = substr(s, 2)
        }
    }
    return out
}

function walk(s,    token) {
    fileFloor[path] = floor
    hidden = 0
    while (match(s, /[A-Za-z_][A-Za-z0-9_]*|[{}().,:<>;=]/)) {
        token = substr(s, RSTART, RLENGTH)
        # Whatever else stands between two tokens, an operator say, parts them.
        if (substr(s, 1, RSTART - 1) ~ /[^ \t`@]/) { beforePrevious = previous; previous = "?" }
        s = substr(s, RSTART + RLENGTH)
        if (token ~ /^[A-Za-z_]/) identifier(token)
        else punctuation(token)
        beforePrevious = previous
        previous = token
    }
}

function identifier(token) {
    if (token == "private" || token == "fileprivate") hidden = 1
    if (previous ~ /^(struct|class|enum|protocol|actor|typealias)$/ &&
        token !~ /^(func|var|let|subscript|init|final|override|private|public|internal)$/) define(token)
    else if (previous == "associatedtype") ownName[path " " token] = 1
    else if (previous == "extension") { pending = "extension"; use(token) }
    else if (previous == "func") defineFunction(token)
    else if (previous == "let" || previous == "var") ownName[path " " token] = 1
    else if (generics && (previous == "<" || previous == ",")) ownName[path " " token] = 1
    else use(token)
}

function punctuation(token) {
    if (token == "(" || token == "{") {
        if (previous ~ /^[A-Za-z_]/ && beforePrevious !~ /^(\.|func|struct|class|enum|protocol|actor)$/)
            note(callUse, previous)
    }
    if (token == "<" && beforePrevious ~ /^(func|struct|class|enum|actor|typealias)$/) generics = 1
    else if (token == ">" || token == "{") generics = 0
    if (token == ":" && previous ~ /^[a-z_]/) ownName[path " " previous] = 1
    if (token == "{") { kind[++depth] = pending == "" ? "body" : pending; pending = ""; hidden = 0 }
    else if (token == "}") { if (depth > 0) depth--; hidden = 0 }
}

function define(name,    isTop) {
    isTop = depth == 0
    if (previous != "typealias") pending = "type"
    if (isTop && !hidden) enrol("type", name, lowestType, topType)
    else ownName[path " " name] = 1
    if (depth == 1 && kind[1] == "extension" && !hidden && previous != "typealias")
        enrol("type", name, lowestType, memberType)
    hidden = 0
}

function defineFunction(name) {
    if (depth == 0 && !hidden) enrol("function", name, lowestFunction, topFunction)
    else enrol("function", name, lowestFunction, otherFunction)
    hidden = 0
}

function enrol(what, name, lowest, definedAt) {
    definedAt[name] = 1
    if (!(name in lowest) || floor < lowest[name]) { lowest[name] = floor; origin[what " " name] = path }
}

function use(name) {
    if (previous == ".") note(memberUse, name)
    else if (name ~ /^[A-Z_]/) { note(typeUse, name); note(memberUse, name) }
    if (previous == "." && beforePrevious == "AdjointCore") note(typeUse, name)
}

function note(table, name) { if (!((path " " name) in table)) table[path " " name] = FNR }
