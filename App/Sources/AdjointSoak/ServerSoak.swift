import AdjointExamples
import AdjointLoad
import AdjointServing
import CMeter
import Dispatch
import Foundation

/// Sends so many requests, good and bad, over 64 connections to the prediction server, which runs
/// in this process, and looks at every answer.
struct ServerSoak {
    let requests: Int

    private static let connectionCount = 64

    /// Whether memory stayed as it was.
    ///
    /// - Throws: Where a request has no answer, or the wrong one.
    func run() throws -> Bool {
        meter_allow_files()
        let model = DigitNet()
        let planned = PlannedRequest.mixture(600, for: model)
        let port = try Self.serve(model)
        let connections = try (0..<Self.connectionCount).map { _ in
            try LoadConnection(port: port)
        }
        var sent = 0
        func send(_ count: Int) throws {
            let end = sent + count
            while sent < end {
                // All are under way at once.
                for (i, connection) in connections.enumerated() {
                    try connection.send(planned[(sent + i) % planned.count].bytes)
                }
                for (i, connection) in connections.enumerated() {
                    let request = planned[(sent + i) % planned.count]
                    if let fault = request.fault(in: try connection.answer()) {
                        throw LoadConnection.Failure(description: fault)
                    }
                }
                sent += connections.count
            }
        }

        var journal = Journal(unit: "request")
        // The first requests build what is kept: threads, buffers, tables.
        try send(2000)
        journal.rest(Self.rest, done: sent)
        for _ in 0..<20 {
            try send(requests / 20)
            journal.note(done: sent)
        }
        // Else what is not used again would be let go before, and hide what has grown.
        withExtendedLifetime((planned, connections)) { journal.rest(Self.rest, done: sent) }
        print("\(sent) requests, every one answered as it must be")
        // Until then the timers of so many requests at once were never there before.
        return journal.judgeRests(warm: requests / 2)
    }

    /// Until the HTTP server's timers of the last requests have run out.
    private static let rest = PredictionServer.timeout * 1.5

    /// Starts the server, and returns its port.
    private static func serve(_ model: DigitNet) throws -> UInt16 {
        let server = try PredictionServer(port: 0) { model($0) }
        let start = Start()
        Task.detached {
            do {
                try await server.run { start.end(.success($0)) }
            } catch {
                start.end(.failure(error))
            }
        }
        return try start.wait()
    }

    /// The port, once the server listens.
    private final class Start: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private let lock = NSLock()
        private var result: Result<UInt16, any Error>?

        func end(_ result: Result<UInt16, any Error>) {
            lock.withLock { self.result = self.result ?? result }
            done.signal()
        }

        func wait() throws -> UInt16 {
            done.wait()
            return try lock.withLock { result }?.get() ?? 0
        }
    }
}
