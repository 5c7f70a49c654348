import AdjointTrace
import Foundation

/// The curves of a run as a stream: the whole picture anew whenever the run has gone on, at most
/// twice a second.
actor CurveEvents {
    private let feed: any TraceFeed
    private let view: @Sendable (CurveCollector) -> CurveView
    private let ending: StudioEnding
    private var collector = CurveCollector()
    private var reader = TraceReader()
    private var position = 0
    private var generation: Int?
    private var hasBegun = false
    private var isDone = false

    init(
        _ feed: any TraceFeed, ending: StudioEnding,
        _ view: @escaping @Sendable (CurveCollector) -> CurveView
    ) {
        self.feed = feed
        self.ending = ending
        self.view = view
    }

    func next() async -> Data? {
        if isDone { return nil }
        if !hasBegun {
            hasBegun = true
            return ServerSentEvents.preamble
        }
        let start = ContinuousClock.now
        while !ending.isNear, !Task.isCancelled {
            do {
                let (isNew, isComplete) = try read()
                if isNew || isComplete {
                    isDone = isComplete
                    var text = ServerSentEvents.frame(
                        event: "curves",
                        data: String(decoding: try StudioJSON.data(view(collector)), as: UTF8.self))
                    if isComplete { text += ServerSentEvents.frame(event: "end", data: "") }
                    return Data(text.utf8)
                }
            } catch {
                isDone = true
                let words = (error as? StudioError)?.message ?? "the run cannot be read"
                return Data(ServerSentEvents.frame(event: "problem", data: words).utf8)
            }
            if start.duration(to: .now) > .seconds(10) { return ServerSentEvents.heartbeat }
            for _ in 0..<5 {
                if await !ending.wait(.milliseconds(100)) { return nil }
            }
        }
        return nil
    }

    /// Takes in what is new.
    private func read() throws -> (isNew: Bool, isComplete: Bool) {
        var isNew = generation == nil
        while true {
            let part = try feed.lines(from: position, limit: 5000)
            if let generation, generation != part.generation {
                (collector, reader, position, isNew) = (CurveCollector(), TraceReader(), 0, true)
                self.generation = part.generation
                continue
            }
            generation = part.generation
            if part.lines.isEmpty { return (isNew, part.isComplete) }
            position += part.lines.count
            isNew = true
            for line in part.lines {
                for record in reader.push(line) + reader.push([0x0A]) { collector.add(record) }
            }
        }
    }

    nonisolated var response: StudioResponse {
        StudioResponse(
            .stream(StudioStream { await self.next() }, type: ServerSentEvents.mediaType))
    }
}

extension StudioCore {
    var curveRoutes: [StudioRoute] {
        [
            StudioRoute("GET", "api/traces/*/curves") { [self] request, parts in
                let feed = try await feed(parts[0], request)
                let view = try Self.curveView(request)
                return .json(
                    try await runner(seconds: nil) { _ in
                        var collector = CurveCollector()
                        for record in try feed.document().records { collector.add(record) }
                        return view(collector)
                    })
            },
            StudioRoute("GET", "api/traces/*/curves/events") { [self] request, parts in
                CurveEvents(
                    try await feed(parts[0], request), ending: ending, try Self.curveView(request)
                ).response
            },
        ]
    }

    private static func curveView(_ request: StudioRequest) throws
        -> @Sendable (CurveCollector) -> CurveView
    {
        func number(_ name: String, _ fallback: Double, _ range: ClosedRange<Double>) throws
            -> Double
        {
            guard let text = request.parameter(name) else { return fallback }
            guard let value = Double(text), range.contains(value) else {
                throw StudioError(
                    422, "parameter",
                    "\(name) is '\(text.prefix(40))'; give a number from "
                        + "\(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        let limit = Int(try number("points", 600, 20...5000))
        let smoothing = try number("smooth", 0, 0...0.999)
        let recent = try number("recent", 1, 0.001...1)
        return { CurveView($0, limit: limit, smoothing: smoothing, recent: recent) }
    }
}
