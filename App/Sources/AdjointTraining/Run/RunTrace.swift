public import Adjoint
import Foundation

/// Writes a run's numbers as a trace while it trains, for the studio to follow: losses at each
/// step, now and then the norms of gradients and how the parameters are spread, measurements after
/// each epoch.
public final class RunTrace {
    /// The file's name in the folder of the run.
    public static let fileName = "trace.jsonl"

    private let handle: FileHandle
    private var index: Int
    /// Norms and histograms come about this often in a run.
    private let interval: Int
    private var tensors: [String: Int] = [:]
    private static let bins = 24

    /// A new trace in `folder`, or the one that a stopped run left there, to go on with.
    ///
    /// - Parameter steps: How many steps the whole run has.
    public init(in folder: RunFolder, title: String, steps: Int) throws {
        let path = "\(folder.path)/\(Self.fileName)"
        interval = max(1, steps / 200)
        let old = FileManager.default.contents(atPath: path) ?? Data()
        // Events of the stopped run are as many as its lines at most.
        index = old.count { $0 == UInt8(ascii: "\n") }
        if old.isEmpty { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw RunError(
                "cannot write \(path)", advice: "check the path, its permissions and the disk")
        }
        self.handle = handle
        // What a crash cut off would damage the line that follows.
        let end =
            old.lastIndex(of: UInt8(ascii: "\n")).map {
                old.distance(from: old.startIndex, to: $0) + 1
            } ?? 0
        try handle.truncate(atOffset: UInt64(end))
        try handle.seekToEnd()
        if end == 0 { write([.header(TraceHeader(library: "Adjoint", title: title))]) }
    }

    deinit { try? handle.close() }

    /// A step was done.
    ///
    /// - Parameters:
    ///   - step: Its number in the run, from 1.
    ///   - parameters: What is learned, with the gradients of the step.
    public func stepped(
        _ step: Int, epoch: Double, loss: Double, learningRate: Double,
        parameters: [(name: String, tensor: Tensor)]
    ) {
        var records: [TraceRecord] = []
        func metric(_ name: String, _ y: Double) {
            records.append(event(.metric(.init(name: name, y: y, step: step, epoch: epoch))))
        }
        metric("loss", loss)
        if step == 1 || step.isMultiple(of: interval) {
            metric("learning_rate", learningRate)
            for (name, tensor) in parameters {
                if let gradient = tensor.grad {
                    metric("grad_norm/\(name)", gradient.norm().item())
                }
                if tensors[name] == nil { records.append(declare(name, tensor)) }
                records.append(
                    event(
                        .optimStep(
                            .init(
                                tensor: tensors[name], step: step,
                                value: .sum(Self.summary(tensor))))))
            }
        }
        write(records)
    }

    /// An epoch was done and measured.
    public func measured(_ row: EpochMetrics) {
        let numbers = [
            ("train_accuracy", row.trainAccuracy), ("held_out_accuracy", row.heldOutAccuracy),
            ("held_out_loss", row.heldOutLoss),
        ]
        write(
            numbers.map {
                event(.metric(.init(name: $0.0, y: $0.1, step: row.step, epoch: Double(row.epoch))))
            })
    }

    private func declare(_ name: String, _ tensor: Tensor) -> TraceRecord {
        let id = tensors.count
        tensors[name] = id
        return .tensor(
            TraceTensor(
                id: id, name: name, role: .parameter, shape: tensor.shape,
                dtype: "\(tensor.dtype)", requiresGrad: true, leaf: true))
    }

    /// How the elements are spread.
    private static func summary(_ tensor: Tensor) -> TraceSummary {
        noGrad {
            let low: Double = tensor.min().item(), high: Double = tensor.max().item()
            var summary = TraceSummary(n: tensor.numel, min: low, max: high)
            guard low.isFinite, high.isFinite, low < high else { return summary }
            let width = (high - low) / Double(bins)
            let places = ((tensor.detach() - low) / width).floor().clamp(
                min: 0, max: Double(bins - 1))
            var counts = [Int](repeating: 0, count: bins)
            for place in places.array(as: Int.self) { counts[place] += 1 }
            summary.hist = TraceHistogram(
                edges: (0...bins).map { low + Double($0) * width }, counts: counts)
            return summary
        }
    }

    private func event(_ body: TraceEvent.Body) -> TraceRecord {
        defer { index += 1 }
        return .event(TraceEvent(index: index, body))
    }

    /// Lines reach the file together, so that a reader sees whole steps. A full disk ends the
    /// trace, and not the training.
    private func write(_ records: [TraceRecord]) {
        var data = Data()
        for record in records {
            data += record.json
            data.append(UInt8(ascii: "\n"))
        }
        try? handle.write(contentsOf: data)
    }
}
