extension TraceDocument {
    /// The run on a time axis, in the JSON that Perfetto and `chrome://tracing` read: operations
    /// and backward passes as slices, arrows from each operation to its derivative, instants for
    /// writes in place, and the bytes saved for backward as a counter.
    ///
    /// Where events have no times, each takes a microsecond.
    public func chromeTrace() -> [UInt8] {
        var writer = ChromeTraceWriter(self)
        return writer.write()
    }
}

/// A stretch of time on the one thread that is drawn.
struct ChromeSlice: Equatable {
    var name: String
    var category: String
    var start: Double
    var end: Double
    /// Of two that begin and end together, the one with the lower number is around the other.
    var level: Int
    /// The node whose forward or backward it is.
    var node: Int?
    var source: String?

    /// Sorted by beginning, each within the one around it: Perfetto drops slices that overlap.
    static func nested(_ slices: [ChromeSlice]) -> [ChromeSlice] {
        var open: [Double] = []
        return slices.enumerated().sorted { a, b in
            (a.element.start, b.element.end, a.element.level, a.offset)
                < (b.element.start, a.element.end, b.element.level, b.offset)
        }.map { _, slice in
            var slice = slice
            while let end = open.last, end <= slice.start, open.count > 0 {
                // A slice without length may stand at the very end of the one around it.
                if slice.end == slice.start && end == slice.start { break }
                open.removeLast()
            }
            if let end = open.last { slice.end = min(slice.end, end) }
            open.append(slice.end)
            return slice
        }
    }
}

private struct ChromeTraceWriter {
    private let document: TraceDocument
    private var slices: [ChromeSlice] = []
    private var counters: [(time: Double, bytes: Int)] = []
    /// Where the derivative of each node ran, for the arrows.
    private var flows: [(node: Int, time: Double)] = []

    init(_ document: TraceDocument) { self.document = document }

    mutating func write() -> [UInt8] {
        collect()
        let slices = ChromeSlice.nested(slices)
        var events = [
            named("process_name", document.header?.title ?? "trace"),
            named("thread_name", "program"),
        ]
        var forward: [Int: Double] = [:]
        for slice in slices where slice.category == "forward" {
            if let node = slice.node, forward[node] == nil { forward[node] = slice.start }
        }
        events += slices.map(json)
        for (id, flow) in flows.enumerated() {
            guard let start = forward[flow.node] else { continue }
            events.append(arrow("s", id + 1, start))
            events.append(arrow("f", id + 1, flow.time))
        }
        events += counters.map { counter in
            JSONLine.object { line in
                line.put("ph", "C")
                line.put("pid", 1)
                line.put("tid", 1)
                line.put("name", "saved for backward")
                line.put("ts", counter.time)
                line.put("args", ["bytes": counter.bytes])
            }
        }
        var bytes = JSONLine.object { line in
            line.put("displayTimeUnit", "ms")
            line.put("traceEvents", events) { $1 += [0x0A] + $0 }
        }
        bytes.append(0x0A)
        return bytes
    }

    /// One walk over the events; each lasts from the one before it.
    private mutating func collect() {
        var now = 0.0
        var passes: [Int: Double] = [:]
        var scopes: [Int: (start: Double, end: Double)] = [:]
        var saved = 0
        var held: [Int: Int] = [:]
        let hasMemory = document.events.contains { $0.kind == .mem }
        for (i, event) in document.events.enumerated() {
            let before = now
            now = max(now, Self.finite(event.us) ?? Double(i + 1))
            switch event.body {
            case .forward(let e):
                guard let node = document.node(e.node) else { continue }
                let start = Self.finite(node.t0).map { min($0, now) } ?? before
                let end = Self.finite(node.dur).map { start + max($0, 0) } ?? max(now, start)
                add(node.op, "forward", start, end, level: 90, node: node.id, node.src)
                hold(node.scope, start, end, &scopes)
                if !hasMemory {
                    held[node.id] = node.saved.reduce(0) { $0 + ($1.shared == true ? 0 : $1.bytes) }
                    saved += held[node.id]!
                    if held[node.id]! > 0 { counters.append((now, saved)) }
                }
            case .backwardBegin(let e): passes[e.run] = now
            case .backwardNode(let e):
                let node = document.node(e.node)
                let start = max(before, passes[e.run] ?? before)
                add(
                    node?.gradFn ?? node?.op ?? "node \(e.node)", "backward", start, now, level: 90,
                    node: e.node, node?.src)
                flows.append((e.node, start))
            case .backwardEnd(let e):
                let start = passes.removeValue(forKey: e.run) ?? now
                add("backward pass \(e.run)", "pass", start, now, level: 0, node: nil, nil)
            case .free(let e):
                if !hasMemory, let bytes = held.removeValue(forKey: e.node), bytes > 0 {
                    saved -= bytes
                    counters.append((now, saved))
                }
            case .mem(let e): counters.append((now, e.bytes))
            case .inplace(let e):
                add(e.name ?? "write", "in place", now, now, level: 99, node: nil, e.src)
            case .optimStep(let e) where e.tensor == nil:
                add(
                    "\(e.name ?? "optimiser").step", "optimiser", before, now, level: 90, node: nil,
                    e.src)
            case .anomaly(let e): add(e.kind, "anomaly", now, now, level: 99, node: nil, nil)
            case .error(let e): add(e.kind, "error", now, now, level: 99, node: nil, e.src)
            default: break
            }
        }
        for (id, times) in scopes.sorted(by: { $0.key < $1.key }) {
            guard let scope = document.scope(id) else { continue }
            var (depth, parent) = (1, scope.parent)
            while let outer = parent, depth < 64 {
                (depth, parent) = (depth + 1, document.scope(outer)?.parent)
            }
            add(
                scope.path ?? scope.name, scope.kind.rawValue, times.start, times.end,
                level: depth, node: nil, nil)
        }
    }

    /// A damaged trace may say anything.
    private static func finite(_ time: Double?) -> Double? {
        time.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A scope lasts from its first operation to its last, and so do those around it.
    private func hold(
        _ scope: Int?, _ start: Double, _ end: Double,
        _ scopes: inout [Int: (start: Double, end: Double)]
    ) {
        var (next, depth) = (scope, 0)
        while let id = next, depth < 64 {
            let known = scopes[id] ?? (start, end)
            scopes[id] = (min(known.start, start), max(known.end, end))
            (next, depth) = (document.scope(id)?.parent, depth + 1)
        }
    }

    private mutating func add(
        _ name: String, _ category: String, _ start: Double, _ end: Double, level: Int, node: Int?,
        _ source: TraceSource?
    ) {
        slices.append(
            ChromeSlice(
                name: name, category: category, start: start, end: end, level: level, node: node,
                source: document.line(source)))
    }

    private func json(_ slice: ChromeSlice) -> [UInt8] {
        JSONLine.object { line in
            line.put("ph", "X")
            line.put("pid", 1)
            line.put("tid", 1)
            line.put("name", slice.name)
            line.put("cat", slice.category)
            line.put("ts", slice.start)
            line.put("dur", slice.end - slice.start)
            var details: [String: TraceJSON] = [:]
            details["node"] = slice.node.map { .number(Double($0)) }
            details["line"] = slice.source.map { .string($0) }
            if !details.isEmpty { line.put("args", .object(details)) }
        }
    }

    private func arrow(_ phase: String, _ id: Int, _ time: Double) -> [UInt8] {
        JSONLine.object { line in
            line.put("ph", phase)
            line.put("pid", 1)
            line.put("tid", 1)
            line.put("id", id)
            line.put("name", "gradient")
            line.put("cat", "gradient")
            if phase == "f" { line.put("bp", "e") }
            line.put("ts", time)
        }
    }

    private func named(_ what: String, _ name: String) -> [UInt8] {
        JSONLine.object { line in
            line.put("ph", "M")
            line.put("pid", 1)
            line.put("tid", 1)
            line.put("name", what)
            line.put("args", .object(["name": .string(name)]))
        }
    }
}
