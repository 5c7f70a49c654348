extension TraceNode {
    var json: [UInt8] {
        var line = JSONLine("node")
        line.put("id", id)
        line.put("op", op)
        if let gradFn { line.put("gradFn", gradFn) } else { line.null("gradFn") }
        line.put("rule", rule)
        line.put("scope", scope)
        line.put("src", src)
        if !stack.isEmpty { line.put("stack", stack, TraceSource.write) }
        line.put("inputs", inputs) { $1.append(contentsOf: $0.json) }
        line.put("outputs", outputs)
        if !attrs.isEmpty { line.put("attrs", .object(attrs)) }
        if !saved.isEmpty { line.put("saved", saved) { $1.append(contentsOf: $0.json) } }
        if !next.isEmpty {
            line.put("next", next) { target, bytes in
                if let target { bytes += target.json } else { bytes += "null".utf8 }
            }
        }
        line.put("order", order)
        line.put("inplace", inplace)
        line.put("gradEnabled", gradEnabled)
        line.put("t0", t0)
        line.put("dur", dur)
        return line.finished()
    }

    init(_ fields: JSONFields) throws(JSONFields.Failure) {
        guard let outputs = try fields.integers("outputs") else {
            throw JSONFields.Failure(problem: "outputs is missing")
        }
        let inputs = try fields.needArray("inputs").map { (value) throws(JSONFields.Failure) in
            try TraceInput(value)
        }
        let saved = try (try fields.array("saved") ?? []).map {
            (value) throws(JSONFields.Failure) in try TraceSaved(value)
        }
        let next = try (try fields.array("next") ?? []).map {
            (value) throws(JSONFields.Failure) -> TraceTarget? in
            if case .null = value { return nil }
            return try TraceTarget(value)
        }
        let stack = try (try fields.array("stack") ?? []).map {
            (value) throws(JSONFields.Failure) in try TraceSource(value)
        }
        self.init(
            id: try fields.needID("id"), op: try fields.needString("op"),
            gradFn: try fields.string("gradFn"), rule: try fields.string("rule"),
            scope: try fields.id("scope"), src: try fields.source(), stack: stack,
            inputs: inputs, outputs: outputs, attrs: fields["attrs"]?.object ?? [:],
            saved: saved, next: next, order: try fields.integer("order"),
            inplace: try fields.bool("inplace"), gradEnabled: try fields.bool("gradEnabled"),
            t0: try fields.number("t0"), dur: try fields.number("dur"))
    }
}

extension TraceInput {
    var json: [UInt8] {
        JSONLine.object {
            $0.put("tensor", tensor)
            $0.put("version", version)
            $0.put("scalar", scalar)
            $0.put("arg", arg)
        }
    }

    init(_ value: TraceJSON) throws(JSONFields.Failure) {
        let fields = try JSONFields(value, "an input")
        self.init(
            tensor: try fields.id("tensor"), version: try fields.integer("version"),
            scalar: try fields.number("scalar"), arg: try fields.string("arg"))
    }
}

extension TraceSaved {
    var json: [UInt8] {
        JSONLine.object {
            $0.put("name", name)
            $0.put("tensor", tensor)
            $0.put("version", version)
            $0.put("bytes", bytes)
            $0.put("shared", shared)
        }
    }

    init(_ value: TraceJSON) throws(JSONFields.Failure) {
        let fields = try JSONFields(value, "saved")
        self.init(
            name: try fields.needString("name"), tensor: try fields.needID("tensor"),
            version: try fields.needInteger("version"), bytes: try fields.needInteger("bytes"),
            shared: try fields.bool("shared"))
    }
}

extension TraceTarget {
    var json: [UInt8] {
        JSONLine.object {
            switch self {
            case .node(let node, let out):
                $0.put("node", node)
                if out != 0 { $0.put("out", out) }
            case .leaf(let tensor): $0.put("leaf", tensor)
            }
        }
    }

    /// A plain number is a node.
    init(_ value: TraceJSON) throws(JSONFields.Failure) {
        if let node = value.integer, node >= 0 {
            self = .node(node)
            return
        }
        let fields = try JSONFields(value, "a target")
        if let leaf = try fields.id("leaf") {
            self = .leaf(leaf)
        } else {
            self = .node(try fields.needID("node"), out: try fields.id("out") ?? 0)
        }
    }
}
