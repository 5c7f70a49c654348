import AdjointTrace

/// The bytes that graphs hold, by cause and over the events, as the page shows them.
struct MemoryView: Encodable, Sendable {
    struct Cause: Encodable, Sendable {
        var name: String
        var bytes: Int
        var nodes: [Int]
    }

    /// One cause over the moments.
    struct Band: Encodable, Sendable {
        var name: String
        var bytes: [Int]
    }

    struct Point: Encodable, Sendable {
        var event: Int
        var bytes: Int
    }

    /// The events at which the bands are given.
    var moments: [Int] = []
    var bands: [Band] = []
    var peak: Point?
    /// Bytes that something else holds too: they cost nothing.
    var shared: Int
    /// Where the list of causes is from.
    var at: Int?
    var causes: [Cause] = []

    private static let momentLimit = 160
    private static let bandLimit = 7

    /// - Parameter event: Where the causes are listed; nil: at the peak.
    init(_ memory: TraceMemory, at event: Int?, by grouping: TraceMemory.Grouping) {
        shared = memory.shared
        peak = memory.peak.map { Point(event: $0.event, bytes: $0.bytes) }
        at = event ?? peak?.event
        guard let at, let peak else { return }
        causes = memory.causes(at: at, by: grouping).prefix(200).map {
            Cause(name: $0.name, bytes: $0.bytes, nodes: Array($0.nodes.prefix(50)))
        }
        moments = Self.moments(memory.points.map(\.event), keeping: peak.event)
        let held = moments.map { moment in
            Dictionary(
                memory.causes(at: moment, by: grouping).map { ($0.name, $0.bytes) },
                uniquingKeysWith: +)
        }
        // The largest causes at the peak first, then those that are large elsewhere.
        var largest: [String: Int] = [:]
        for names in held { largest.merge(names) { max($0, $1) } }
        let order = largest.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let named = order.prefix(Self.bandLimit)
        bands = named.map { name in Band(name: name, bytes: held.map { $0[name] ?? 0 }) }
        if order.count > named.count {
            let rest = held.map { names in
                names.reduce(0) { $0 + (named.contains($1.key) ? 0 : $1.value) }
            }
            bands.append(Band(name: "\(order.count - named.count) others", bytes: rest))
        }
    }

    private static func moments(_ events: [Int], keeping peak: Int) -> [Int] {
        guard events.count > momentLimit else { return events }
        var kept = Set(
            (0..<momentLimit).map { events[$0 * (events.count - 1) / (momentLimit - 1)] })
        kept.insert(peak)
        return kept.sorted()
    }
}
