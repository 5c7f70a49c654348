import AdjointTrace
import Foundation

/// The table `metrics.csv` of a run, read as a trace: each number is a metric of its step.
final class MetricsTable: TraceFeed {
    private let path: String

    init(path: String) { self.path = path }

    func lines(from start: Int, limit: Int) throws -> TraceLines {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 64 << 20 else {
            throw StudioError(404, "not-found", "the file \(path) cannot be read any more")
        }
        let rows = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let title = path.split(separator: "/").dropLast().last.map(String.init) ?? path
        var records: [TraceRecord] = [.header(TraceHeader(library: "Adjoint", title: title))]
        let names = rows.first ?? []
        let step = names.firstIndex(of: "step"), epoch = names.firstIndex(of: "epoch")
        for (number, row) in rows.dropFirst().enumerated() where row.count == names.count {
            let x = step.flatMap { Int(row[$0]) } ?? number
            for index in names.indices where index != step && index != epoch {
                guard let y = Double(row[index]) else { continue }
                let metric = TraceEvent.Metric(
                    name: names[index], y: y, step: x, epoch: epoch.flatMap { Double(row[$0]) })
                records.append(.event(TraceEvent(index: records.count - 1, .metric(metric))))
            }
        }
        let first = min(max(0, start), records.count), last = min(records.count, first + limit)
        return TraceLines(
            lines: records[first..<last].map { Data($0.json) }, isComplete: false)
    }
}
