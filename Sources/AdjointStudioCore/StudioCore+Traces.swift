import Foundation

extension StudioCore {
    /// Lists of traces, documents, streams, uploads.
    var traceRoutes: [StudioRoute] {
        [
            StudioRoute("GET", "api/traces") { [self] _, _ in
                .json(["traces": catalog.list()])
            },
            StudioRoute("GET", "api/traces/*") { [self] request, parts in
                let feed = try await feed(parts[0], request)
                let form = Self.form(request)
                if parts[0].hasPrefix("live:"), form == .lines, request.query.isEmpty {
                    // A page that follows gets everything from the stream.
                    return TraceDocumentStream(feed, form: form, range: 0..<1).response()
                }
                return TraceDocumentStream(feed, form: form, range: Self.range(request)).response()
            },
            StudioRoute("GET", "api/traces/*/events") { [self] request, parts in
                let feed = try await feed(parts[0], request)
                return TraceEvents(
                    feed, from: ServerSentEvents.start(request), ending: ending
                ).response
            },
            StudioRoute("POST", "api/traces") { [self] request, _ in
                try upload(request)
            },
        ]
    }

    /// The trace that an address names.
    func feed(_ id: String, _ request: StudioRequest) async throws -> any TraceFeed {
        if let feed = catalog.feed(id) { return feed }
        if let session = playground.session(id) { return session.log }
        let parts = id.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.dropFirst().first) {
        case ("example", let name?): return try await exampleFeed(name, request)
        case ("live", "slow"): return slow.feed
        // A file under the name that pages follow.
        case ("live", let name?):
            if let feed = catalog.feed("file:\(name)") { return feed }
        case ("fixture", let name?): return try await fixtureFeed(name)
        default: break
        }
        throw StudioError.notFound("trace called '\(id)'")
    }

    /// Lines for the pages' scripts, which read them as they come, and for whoever asks; else one
    /// document.
    private static func form(_ request: StudioRequest) -> TraceDocumentStream.Form {
        switch request.parameter("format") {
        case "jsonl": .lines
        case "document": .document
        default: request.header("Sec-Fetch-Dest") == "empty" ? .lines : .document
        }
    }

    private static func range(_ request: StudioRequest) -> Range<Int> {
        let start = max(0, request.parameter("from").flatMap { Int($0) } ?? 0)
        let count = request.parameter("count").flatMap { Int($0) } ?? .max
        let (end, isOver) = start.addingReportingOverflow(max(0, count))
        return start..<(isOver ? .max : end)
    }

    private func upload(_ request: StudioRequest) throws -> StudioResponse {
        let log = TraceLog(
            request.body.split(separator: UInt8(ascii: "\n")).map { Data($0) }, isComplete: true)
        // What is no trace is refused here, with the line; a trace that is cut off is kept.
        _ = try log.document()
        let entry = catalog.add(
            log, kind: "upload",
            title: request.parameter("name").map { String($0.prefix(200)) }
                ?? "uploaded trace")
        return .json(["trace": entry.id], status: 201)
    }
}
