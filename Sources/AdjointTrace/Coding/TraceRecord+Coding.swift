extension TraceRecord {
    /// The record as one line of JSON, without the line's end.
    public var json: [UInt8] {
        switch self {
        case .header(let record): record.json
        case .rule(let record): record.json
        case .file(let record): record.json
        case .scope(let record): record.json
        case .tensor(let record): record.json
        case .node(let record): record.json
        case .event(let record): record.json
        }
    }

    /// The record that an object stands for; nil where its kind is unknown.
    init?(_ value: TraceJSON) throws(JSONFields.Failure) {
        let fields = try JSONFields(value, "a record")
        switch try fields.needString("t") {
        case "header": self = .header(try TraceHeader(fields))
        case "rule": self = .rule(try TraceRule(fields))
        case "file": self = .file(try TraceFile(fields))
        case "scope": self = .scope(try TraceScope(fields))
        case "tensor": self = .tensor(try TraceTensor(fields))
        case "node": self = .node(try TraceNode(fields))
        case "ev":
            guard let event = try TraceEvent(fields) else { return nil }
            self = .event(event)
        default: return nil
        }
    }
}

extension TraceHeader {
    var json: [UInt8] {
        var line = JSONLine("header")
        line.put("format", TraceHeader.format)
        line.put("version", TraceHeader.version)
        line.put("library", library)
        line.put("libraryVersion", libraryVersion)
        line.put("created", created)
        line.put("title", title)
        if let capture {
            line.put(
                "capture",
                raw: JSONLine.object {
                    $0.put("values", capture.values.rawValue)
                    $0.put("maxElements", capture.maxElements)
                    $0.put("stacks", capture.stacks?.rawValue)
                    $0.put("sourceText", capture.sourceText)
                })
        }
        if !dropped.isEmpty { line.put("dropped", dropped) }
        return line.finished()
    }

    init(_ fields: JSONFields) throws(JSONFields.Failure) {
        let format = try fields.needString("format")
        guard format == TraceHeader.format else {
            throw JSONFields.Failure(problem: "format is not \"\(TraceHeader.format)\"")
        }
        let version = try fields.needInteger("version")
        guard version == TraceHeader.version else {
            throw JSONFields.Failure(
                problem: "version is \(version), and this library reads \(TraceHeader.version)")
        }
        var capture: TraceCapture?
        if let value = fields["capture"] {
            let inner = try JSONFields(value, "capture")
            capture = TraceCapture(
                values: try inner.word("values", TraceCapture.Values.self) ?? .summary,
                maxElements: try inner.integer("maxElements"),
                stacks: try inner.word("stacks", TraceCapture.Stacks.self),
                sourceText: try inner.bool("sourceText"))
        }
        self.init(
            library: try fields.needString("library"),
            libraryVersion: try fields.string("libraryVersion"),
            created: try fields.string("created"), title: try fields.string("title"),
            capture: capture, dropped: try fields.counts("dropped") ?? [:])
    }
}

extension TraceRule {
    var json: [UInt8] {
        var line = JSONLine("rule")
        line.put("id", id)
        line.put("forward", forward)
        if !local.isEmpty { line.put("local", local) }
        line.put("vjp", vjp)
        line.put("doc", doc)
        line.put("nondiff", nondiff)
        line.put("family", family)
        return line.finished()
    }

    init(_ fields: JSONFields) throws(JSONFields.Failure) {
        self.init(
            id: try fields.needString("id"), forward: try fields.needString("forward"),
            local: try fields.strings("local") ?? [], vjp: try fields.strings("vjp") ?? [],
            doc: try fields.string("doc"), nondiff: try fields.string("nondiff"),
            family: try fields.string("family"))
    }
}

extension TraceFile {
    var json: [UInt8] {
        var line = JSONLine("file")
        line.put("id", id)
        line.put("path", path)
        line.put("sha256", sha256)
        line.put("text", text)
        return line.finished()
    }

    init(_ fields: JSONFields) throws(JSONFields.Failure) {
        self.init(
            id: try fields.needID("id"), path: try fields.needString("path"),
            sha256: try fields.string("sha256"), text: try fields.string("text"))
    }
}

extension TraceScope {
    var json: [UInt8] {
        var line = JSONLine("scope")
        line.put("id", id)
        line.put("parent", parent)
        line.put("name", name)
        line.put("kind", kind.rawValue)
        line.put("cls", cls)
        line.put("path", path)
        return line.finished()
    }

    init(_ fields: JSONFields) throws(JSONFields.Failure) {
        guard let kind = try fields.word("kind", Kind.self) else {
            throw JSONFields.Failure(problem: "kind is missing")
        }
        self.init(
            id: try fields.needID("id"), parent: try fields.id("parent"),
            name: try fields.needString("name"), kind: kind, cls: try fields.string("cls"),
            path: try fields.string("path"))
    }
}

extension TraceSource {
    static func write(_ source: TraceSource, _ bytes: inout [UInt8]) {
        var numbers = [source.file, source.line]
        if let column = source.column { numbers.append(column) }
        JSONLine.array(numbers, &bytes) { $1.append(contentsOf: String($0).utf8) }
    }

    init(_ value: TraceJSON) throws(JSONFields.Failure) {
        let numbers = value.array?.compactMap(\.integer) ?? []
        guard (2...3).contains(numbers.count), numbers.count == value.array?.count,
            numbers[0] >= 0, numbers[1] >= 1
        else { throw JSONFields.Failure(problem: "src is no [file, line, column]") }
        self.init(
            file: numbers[0], line: numbers[1], column: numbers.count > 2 ? numbers[2] : nil)
    }
}

extension JSONLine {
    mutating func put(_ name: StaticString, _ source: TraceSource?) {
        guard let source else { return }
        var bytes: [UInt8] = []
        TraceSource.write(source, &bytes)
        put(name, raw: bytes)
    }

    mutating func put(_ name: StaticString, _ value: TraceValue?) {
        guard let value else { return }
        put(name, raw: value.json)
    }

    mutating func put(_ name: StaticString, _ values: [TraceValue]) {
        put(name, values) { $1.append(contentsOf: $0.json) }
    }
}

extension JSONFields {
    func source() throws(Failure) -> TraceSource? {
        guard let value = self["src"] else { return nil }
        return try TraceSource(value)
    }

    func value(_ name: String) throws(Failure) -> TraceValue? {
        guard let value = self[name] else { return nil }
        return try TraceValue(value)
    }

    func needValue(_ name: String) throws(Failure) -> TraceValue {
        guard let value = try value(name) else { throw Failure(problem: "\(name) is missing") }
        return value
    }

    func values(_ name: String) throws(Failure) -> [TraceValue]? {
        try array(name).map { (list) throws(Failure) in
            try list.map { (value) throws(Failure) in try TraceValue(value) }
        }
    }
}
