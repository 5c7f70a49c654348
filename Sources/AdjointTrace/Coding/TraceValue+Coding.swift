extension TraceValue {
    var json: [UInt8] {
        JSONLine.object { line in
            switch self {
            case .none(let reason):
                line.put("k", "none")
                line.put("why", reason.rawValue)
            case .full(let data, let exact):
                line.put("k", "full")
                line.put("data", data)
                line.put("exact", exact)
            case .sum(let summary):
                line.put("k", "sum")
                summary.write(&line)
            }
        }
    }

    init(_ value: TraceJSON) throws(JSONFields.Failure) {
        let fields = try JSONFields(value, "a value")
        switch try fields.needString("k") {
        case "none":
            guard let reason = try fields.word("why", Reason.self) else {
                throw JSONFields.Failure(problem: "why is missing")
            }
            self = .none(reason)
        case "full":
            guard let data = try fields.numbers("data") else {
                throw JSONFields.Failure(problem: "data is missing")
            }
            self = .full(data, exact: try fields.bool("exact"))
        case "sum": self = .sum(try TraceSummary(fields))
        default: throw JSONFields.Failure(problem: "k has an unknown value")
        }
    }
}

extension TraceSummary {
    func write(_ line: inout JSONLine) {
        line.put("n", n)
        line.put("min", min)
        line.put("max", max)
        line.put("mean", mean)
        line.put("std", std)
        line.put("l2", l2)
        line.put("absmax", absmax)
        line.put("zeros", zeros)
        line.put("nan", nan)
        line.put("inf", inf)
        if !head.isEmpty { line.put("head", head) }
        if let hist {
            line.put(
                "hist",
                raw: JSONLine.object {
                    $0.put("edges", hist.edges)
                    $0.put("counts", hist.counts)
                })
        }
    }

    init(_ fields: JSONFields) throws(JSONFields.Failure) {
        var hist: TraceHistogram?
        if let value = fields["hist"] {
            let inner = try JSONFields(value, "hist")
            guard let edges = try inner.numbers("edges"), let counts = try inner.integers("counts")
            else { throw JSONFields.Failure(problem: "hist has no edges or no counts") }
            hist = TraceHistogram(edges: edges, counts: counts)
        }
        self.init(
            n: try fields.needID("n"), min: try fields.number("min"),
            max: try fields.number("max"), mean: try fields.number("mean"),
            std: try fields.number("std"), l2: try fields.number("l2"),
            absmax: try fields.number("absmax"), zeros: try fields.integer("zeros"),
            nan: try fields.integer("nan"), inf: try fields.integer("inf"),
            head: try fields.numbers("head") ?? [], hist: hist)
    }
}
