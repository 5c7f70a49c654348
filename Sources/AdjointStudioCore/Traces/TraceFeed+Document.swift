import AdjointTrace
import Foundation

extension TraceFeed {
    /// The trace as it is now, read by the library's reader: a damaged line ends it, with words.
    func document() throws -> TraceDocument {
        var reader = TraceReader()
        var records: [TraceRecord] = []
        var position = 0
        while true {
            let part = try lines(from: position, limit: 2000)
            if part.lines.isEmpty { break }
            position += part.lines.count
            for line in part.lines { records += reader.push(line) + reader.push([0x0A]) }
            if let problem = reader.problem {
                // What came before is worth looking at.
                guard !records.isEmpty else {
                    throw StudioError(
                        422, "bad-trace",
                        "this is no trace: line \(problem.line): \(problem.message)")
                }
                break
            }
        }
        guard !records.isEmpty else {
            throw StudioError(422, "bad-trace", "the trace has no records yet")
        }
        return TraceDocument(records)
    }
}
