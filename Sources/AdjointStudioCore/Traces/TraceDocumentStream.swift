import Foundation

/// A trace as one document, `{"records":[...]}`, or as lines, made while it is sent.
actor TraceDocumentStream {
    enum Form { case document, lines }

    private let feed: any TraceFeed
    private let form: Form
    private var position: Int
    private let last: Int
    private var hasBegun = false
    private var hasRecord = false
    private var isDone = false

    /// - Parameter range: The lines that are wanted.
    init(_ feed: any TraceFeed, form: Form, range: Range<Int> = 0..<Int.max) {
        self.feed = feed
        self.form = form
        position = range.lowerBound
        last = range.upperBound
    }

    func next() -> Data? {
        var data = Data()
        while data.isEmpty, !isDone { add(to: &data) }
        return data.isEmpty ? nil : data
    }

    private func add(to data: inout Data) {
        if !hasBegun, form == .document { data += Data("{\"records\":[".utf8) }
        hasBegun = true
        let part = try? feed.lines(from: position, limit: Swift.min(2000, last - position))
        let lines = part?.lines ?? []
        for line in lines {
            switch form {
            case .document:
                // A line that is no object would spoil the whole document.
                guard Self.isObject(line) else { continue }
                if hasRecord { data.append(UInt8(ascii: ",")) }
                data += line
                hasRecord = true
            case .lines:
                data += line
                data.append(UInt8(ascii: "\n"))
            }
        }
        position += lines.count
        guard lines.isEmpty || position >= last else { return }
        isDone = true
        if form == .document { data += Data("]}".utf8) }
    }

    private static func isObject(_ line: Data) -> Bool {
        line.first == UInt8(ascii: "{") && (try? JSONSerialization.jsonObject(with: line)) != nil
    }

    nonisolated func response(headers: [(name: String, value: String)] = []) -> StudioResponse {
        StudioResponse(
            .stream(
                StudioStream { await self.next() },
                type: form == .document ? "application/json" : "application/x-ndjson"),
            headers: headers)
    }
}
