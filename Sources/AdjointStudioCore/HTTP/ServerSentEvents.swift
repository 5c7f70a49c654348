import Foundation

/// The frames of a stream of events, as browsers' EventSource reads them.
enum ServerSentEvents {
    static let mediaType = "text/event-stream"
    /// What the stream begins with: a browser that loses it comes back after half a second.
    static let preamble = Data("retry: 500\n\n".utf8)
    /// A comment, so that a reader who has gone is noticed.
    static let heartbeat = Data(": alive\n\n".utf8)

    /// One event. `id` is what the browser sends as Last-Event-ID when it comes back.
    ///
    /// - Parameter data: Text of any lines; each becomes a field of its own.
    static func frame(id: String? = nil, event: String? = nil, data: some StringProtocol) -> String
    {
        var text = ""
        if let id { text += "id: \(id)\n" }
        if let event { text += "event: \(event)\n" }
        // Carriage returns end lines too.
        for line in data.split(
            omittingEmptySubsequences: false,
            whereSeparator: { $0 == "\n" || $0 == "\r\n" || $0 == "\r" })
        {
            text += "data: \(line)\n"
        }
        return text + "\n"
    }

    /// Where a reader who comes back goes on: after the event that it saw last. A page that opens
    /// the stream in the middle says so with `?from=`, the number of the first event it wants.
    static func start(_ request: StudioRequest) -> Int {
        if let last = request.header("Last-Event-ID").flatMap({ Int($0) }), last >= 0,
            last < Int.max
        {
            return last + 1
        }
        return max(0, request.parameter("from").flatMap { Int($0) } ?? 0)
    }
}
