import Adjoint
import AdjointTrace
import Foundation

/// Runs an example under the recorder.
struct ExampleRun {
    let example: Example
    /// The parameters, as far as they are given.
    let values: [String: Double]

    /// - Parameter given: Parameters by name, as text; others than the example's are not looked at.
    /// - Throws: A `StudioError` where a value is not taken.
    init(_ example: Example, given: (String) -> String?) throws {
        self.example = example
        var values: [String: Double] = [:]
        for parameter in example.parameters {
            if let text = given(parameter.name) {
                values[parameter.name] = try parameter.parse(text)
            }
        }
        self.values = values
    }

    /// How an address calls this run: "x2_plus_3x?x=3".
    var name: String {
        let given = example.parameters.compactMap { parameter in
            values[parameter.name].map { "\(parameter.name)=\(parameter.text($0))" }
        }
        return example.id + (given.isEmpty ? "" : "?" + given.joined(separator: "&"))
    }

    /// The records of a run; a mistake of the program ends them, as it ends the program.
    func records(_ stop: StudioRunner.Stop) -> [TraceRecord] {
        var all: [String: Double] = [:]
        for parameter in example.parameters {
            all[parameter.name] = values[parameter.name] ?? parameter.value
        }
        let progress = ExampleProgress(
            values: all,
            moved: { line in
                LineMarks.note(line)
                stop.check()
            },
            named: { tensor, name in
                Trace.name(tensor, name)
                LineMarks.note(named: name)
            })
        var options = TraceOptions(
            values: .full, maxElements: 4096, stacks: .none, times: false, title: example.title)
        options.sourceText = true
        let document = Trace.record(options) {
            // The mistake stands in the trace.
            try? catchingTensorErrors {
                ExampleProgress.$current.withValue(progress, operation: example.program)
            }
        }
        return LineMarks(file: example.file, text: example.source(values))
            .located(document.records)
    }
}

extension StudioRunner.Stop {
    /// Ends the run's computing where its time is used up or nobody waits any more.
    func check() {
        guard isLate || isCancelled, !Failure.isActive else { return }
        Failure.raise(
            TensorError(
                .argument,
                isCancelled
                    ? "the run was taken back"
                    : "the run took longer than it may; what it did until then is shown"))
    }
}
