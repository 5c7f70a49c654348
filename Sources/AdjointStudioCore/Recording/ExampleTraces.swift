import AdjointTrace
import Foundation

/// Traces that are made where they are asked for: of examples, and of fixtures for tests. The
/// latest stay.
final class ExampleTraces: @unchecked Sendable {
    private let lock = NSLock()
    private var known: [String: TraceLog] = [:]
    private var order: [String] = []
    private static let limit = 64

    func log(_ name: String) -> TraceLog? { lock.withLock { known[name] } }

    func keep(_ records: [TraceRecord], _ name: String) -> TraceLog {
        let log = TraceLog(records.map { Data($0.json) }, isComplete: true)
        lock.withLock {
            if known.updateValue(log, forKey: name) == nil { order.append(name) }
            if order.count > Self.limit { known[order.removeFirst()] = nil }
        }
        return log
    }
}

extension StudioCore {
    /// The trace of an example: `x2_plus_3x` with its parameters as `?x=3` in the name itself, or
    /// in the query of the request.
    func exampleFeed(_ text: String, _ request: StudioRequest) async throws -> any TraceFeed {
        let parts = text.split(separator: "?", maxSplits: 1)
        let own = parts.count > 1 ? StudioRequest.parameters(of: String(parts[1])) : []
        let given = own + request.parameters
        let made = try await run(parts.first.map(String.init) ?? "") { name in
            given.first { $0.name == name }?.value
        }
        return made.feed
    }

    /// Runs an example, unless that was done already.
    func run(_ id: String, given: (String) -> String?) async throws
        -> (id: String, feed: TraceLog)
    {
        guard let example = Example.find(id) else {
            throw StudioError.notFound("example called '\(id)'")
        }
        let run = try ExampleRun(example, given: given)
        if let log = examples.log(run.name) { return ("example:\(run.name)", log) }
        let records = try await runner(seconds: 2) { run.records($0) }
        return ("example:\(run.name)", examples.keep(records, run.name))
    }

    /// A trace for tests of the pages: `hostile` has names that are markup, `rnn330` is large.
    func fixtureFeed(_ name: String) async throws -> any TraceFeed {
        if let log = examples.log("fixture " + name) { return log }
        guard let fixture = TraceFixture(rawValue: name) else {
            throw StudioError.notFound("fixture called '\(name)'")
        }
        let records = try await runner(seconds: nil) { _ in fixture.records() }
        return examples.keep(records, "fixture " + name)
    }
}
