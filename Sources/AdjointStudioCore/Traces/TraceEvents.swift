import Foundation

/// A trace as a stream of events: each record is one, numbered from 0 by its line, so that a
/// browser that lost the stream goes on after the last line that it saw.
///
///     id: 12
///     data: {"t":"ev","i":3,...}
///
/// `event: reset` says that the file began anew and the page should too; `event: end` that nothing
/// will follow.
actor TraceEvents {
    private let feed: any TraceFeed
    private var position: Int
    private var generation: Int?
    private var hasBegun = false
    private var isDone = false
    private let ending: StudioEnding
    private let pollInterval: Duration
    private let heartbeatInterval: Duration

    init(
        _ feed: any TraceFeed, from position: Int, ending: StudioEnding = StudioEnding(),
        pollInterval: Duration = .milliseconds(40), heartbeatInterval: Duration = .seconds(10)
    ) {
        self.feed = feed
        self.position = position
        self.ending = ending
        self.pollInterval = pollInterval
        self.heartbeatInterval = heartbeatInterval
    }

    /// The next part of the stream; nil at its end.
    func next() async -> Data? {
        if isDone { return nil }
        if !hasBegun {
            hasBegun = true
            return ServerSentEvents.preamble
        }
        let start = ContinuousClock.now
        while !ending.isNear, !Task.isCancelled {
            do {
                if let data = try frames() { return data }
            } catch {
                isDone = true
                let words = (error as? StudioError)?.message ?? "the trace cannot be read"
                return Data(ServerSentEvents.frame(event: "problem", data: words).utf8)
            }
            if start.duration(to: .now) > heartbeatInterval { return ServerSentEvents.heartbeat }
            if await !ending.wait(pollInterval) { return nil }
        }
        return nil
    }

    /// Nil where there is nothing new.
    private func frames() throws -> Data? {
        var part = try feed.lines(from: position, limit: 500)
        var text = ""
        if let generation, part.generation != generation {
            text = ServerSentEvents.frame(event: "reset", data: "the trace began anew")
            position = 0
            part = try feed.lines(from: 0, limit: 500)
        }
        generation = part.generation
        for line in part.lines {
            text += ServerSentEvents.frame(
                id: String(position), data: String(decoding: line, as: UTF8.self))
            position += 1
        }
        if part.lines.isEmpty, part.isComplete {
            isDone = true
            text += ServerSentEvents.frame(event: "end", data: "\(position)")
        }
        return text.isEmpty ? nil : Data(text.utf8)
    }

    nonisolated var response: StudioResponse {
        StudioResponse(
            .stream(StudioStream { await self.next() }, type: ServerSentEvents.mediaType))
    }
}
