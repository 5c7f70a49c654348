import Foundation

/// The runs of the playground.
final class Playground: @unchecked Sendable {
    /// How many runs there are at once; the oldest that is over makes room, else the oldest.
    static let limit = 6

    private let lock = NSLock()
    private var sessions: [PlaygroundSession] = []
    private var nextNumber = 1

    func start(_ settings: PlaygroundSettings) -> PlaygroundSession {
        lock.withLock {
            if sessions.count >= Self.limit {
                let index = sessions.firstIndex { $0.isOver } ?? 0
                sessions.remove(at: index).stop()
            }
            let session = PlaygroundSession(id: "train:\(nextNumber)", settings)
            nextNumber += 1
            sessions.append(session)
            return session
        }
    }

    func session(_ id: String) -> PlaygroundSession? {
        lock.withLock { sessions.first { $0.id == id } }
    }
}

/// The frames of a run as a stream: whoever comes back gets the newest one, which has all.
actor PlaygroundEvents {
    private let session: PlaygroundSession
    private let ending: StudioEnding
    private var version = 0
    private var hasBegun = false
    private var isDone = false

    init(_ session: PlaygroundSession, ending: StudioEnding) {
        self.session = session
        self.ending = ending
    }

    func next() async -> Data? {
        if isDone { return nil }
        if !hasBegun {
            hasBegun = true
            return ServerSentEvents.preamble
        }
        let start = ContinuousClock.now
        while !ending.isNear, !Task.isCancelled {
            if let (frame, version) = session.frame(after: version) {
                self.version = version
                return encoded(frame)
            }
            if start.duration(to: .now) > .seconds(10) { return ServerSentEvents.heartbeat }
            if await !ending.wait(.milliseconds(40)) { return nil }
        }
        return nil
    }

    private func encoded(_ frame: PlaygroundSession.Frame) -> Data {
        let text = (try? StudioJSON.data(frame)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        var event = ServerSentEvents.frame(event: "frame", data: text)
        if ![.running, .paused].contains(frame.state) {
            isDone = true
            event += ServerSentEvents.frame(event: "end", data: frame.state.rawValue)
        }
        return Data(event.utf8)
    }

    nonisolated var response: StudioResponse {
        StudioResponse(
            .stream(StudioStream { await self.next() }, type: ServerSentEvents.mediaType))
    }
}
