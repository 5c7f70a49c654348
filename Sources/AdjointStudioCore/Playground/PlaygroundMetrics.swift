import Adjoint
import AdjointTrace
import Foundation

/// Writes a run of the playground as a trace of metrics.
struct PlaygroundMetrics {
    private let log: TraceLog
    private var index = 0

    init(_ log: TraceLog, _ model: PlaygroundNet) {
        self.log = log
        write(.header(TraceHeader(library: "Adjoint", title: "playground")))
    }

    mutating func add(_ measure: PlaygroundTrainer.Measure) {
        metric("loss", measure.loss, measure.step)
        metric("accuracy", measure.accuracy, measure.step)
        for gradient in measure.gradients {
            metric("grad_norm/\(gradient.name)", gradient.norm, measure.step)
        }
    }

    private mutating func metric(_ name: String, _ y: Double, _ step: Int) {
        write(
            .event(
                TraceEvent(index: index, .metric(TraceEvent.Metric(name: name, y: y, step: step)))))
        index += 1
    }

    private func write(_ record: TraceRecord) { log.append(Data(record.json)) }
}
