import AdjointCore

extension TraceDocument {
    /// The content of a TensorBoard event file: metrics as scalars; parameters and their gradients
    /// as histograms, at each step of the optimiser; the graph, its scopes as name scopes.
    ///
    /// TensorBoard shows files whose names hold `tfevents`: "events.out.tfevents.0.run".
    public func tensorBoardEvents() -> [UInt8] {
        var writer = TensorBoardWriter(self)
        writer.write()
        return writer.bytes
    }
}

private struct TensorBoardWriter {
    private(set) var bytes: [UInt8] = []
    private let document: TraceDocument
    private let start: Double
    /// Rounds so far, which number what has no step of its own.
    private var step = 0

    init(_ document: TraceDocument) {
        self.document = document
        start = document.header?.created.flatMap(Timestamp.seconds) ?? 0
    }

    mutating func write() {
        put(nil, 0, .version)
        let nodes = graph()
        if !nodes.isEmpty { put(nil, 0, .graph(nodes)) }
        for event in document.events {
            switch event.body {
            case .metric(let e): put(event, e.step, .scalar(tag: e.name, e.y))
            case .loop(let e): step = e.step
            case .accumulate(let e):
                histogram(event, "\(name(e.tensor))/gradient", e.after)
            case .optimStep(let e):
                if let tensor = e.tensor, let value = e.value {
                    histogram(event, name(tensor), value)
                }
                if e.tensor == nil { step += 1 }
            default: break
            }
        }
    }

    private mutating func put(
        _ event: TraceEvent?, _ step: Int, _ content: TensorBoardEvent.Content
    ) {
        let time = start + (event?.us ?? 0) / 1e6
        bytes += TensorBoardEvent(time: time, step: step, content: content).record
    }

    private func name(_ tensor: Int) -> String {
        (document.tensor(tensor)?.name ?? "tensor \(tensor)").replacing(".", with: "/")
    }

    private mutating func histogram(_ event: TraceEvent, _ tag: String, _ value: TraceValue) {
        let found: TensorBoardHistogram? =
            switch value {
            case .full(let data, _): TensorBoardHistogram(of: data)
            case .sum(let sum):
                sum.hist.flatMap { hist in
                    TensorBoardHistogram(
                        edges: hist.edges, counts: hist.counts,
                        sum: (sum.mean ?? 0) * Double(sum.n),
                        sumOfSquares: (sum.l2 ?? 0) * (sum.l2 ?? 0))
                }
            case .none: nil
            }
        if let found { put(event, step, .histogram(tag: tag, found)) }
    }

    /// Operations by the path of their scopes, and the leaves that they read.
    private func graph() -> [TensorBoardNode] {
        guard let drawing = try? Drawing(of: document, at: nil) else { return [] }
        let names = drawing.nodes.map { node in
            let path = drawing.path(of: node.scope).map { drawing.scopes[$0].name }
            let own = node.kind == .operation ? "\(node.title)_\(node.id)" : node.title
            return (path + [own]).map(part).joined(separator: "/")
        }
        // Leaves of one name are told apart by their ids.
        var counts: [String: Int] = [:]
        for name in names { counts[name, default: 0] += 1 }
        let unique = zip(names, drawing.nodes).map { counts[$0]! > 1 ? "\($0)_\($1.id)" : $0 }
        var inputs = [[String]](repeating: [], count: names.count)
        for edge in drawing.edges { inputs[edge.to].append(unique[edge.from]) }
        return drawing.nodes.indices.map { i in
            TensorBoardNode(
                name: unique[i],
                operation: drawing.nodes[i].kind == .operation
                    ? drawing.nodes[i].title : drawing.nodes[i].kind.rawValue,
                inputs: inputs[i])
        }
    }

    /// What TensorFlow allows in names: letters, digits and `._-`.
    private func part(_ name: String) -> String {
        String(
            name.map { character in
                character.isASCII && (character.isLetter || character.isNumber)
                    ? character
                    : "._-".contains(character) ? character : "_"
            })
    }
}

/// Times as RFC 3339 writes them.
enum Timestamp {
    /// Seconds since 1970 of "2025-01-31T12:30:00Z", also with a fraction and an offset; nil for
    /// anything else.
    static func seconds(_ text: String) -> Double? {
        let pattern =
            /(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))/
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        let date = match.output
        let (year, month, day) = (Int(date.1)!, Int(date.2)!, Int(date.3)!)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Days since 1970 in the proleptic Gregorian calendar, years counted from March.
        let moved = month > 2 ? year : year - 1
        let era = (moved >= 0 ? moved : moved - 399) / 400
        let ofEra = moved - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
        var seconds = Double(((days * 24 + Int(date.4)!) * 60 + Int(date.5)!) * 60 + Int(date.6)!)
        if let fraction = date.7 { seconds += Double("0\(fraction)") ?? 0 }
        if let sign = date.8, let hours = date.9, let minutes = date.10 {
            let offset = Double(Int(hours)! * 3600 + Int(minutes)! * 60)
            seconds += sign == "+" ? -offset : offset
        }
        return seconds
    }
}
