import Adjoint
import Testing

@testable import AdjointTrace

/// Real programs with a mistake each, recorded, and what the doctor says of them.
@Suite struct SeededFaultTests {
    @Test("There are 8 NaNs, 6 clashes, 3 second passes and 3 faults of accumulation")
    func count() {
        #expect(SeededFault.nonFinite.count == 8 && SeededFault.clashes.count == 6)
        #expect(SeededFault.twice.count == 3 && SeededFault.accumulation.count == 3)
    }

    @Test("The first finding names the operation and the line", arguments: SeededFault.all)
    func isNamed(_ fault: SeededFault) throws {
        let lines = SeededFault.Lines()
        let document = Trace.record {
            _ = try? catchingTensorErrors { fault.program(lines) }
        }
        let findings = document.findings()
        let first = try #require(findings.first, "nothing was found")
        #expect(first.kind == fault.kind, "\(first.title)")
        #expect(first.operation == fault.operation, "\(first.title)")
        let places = first.places.map(\.line)
        #expect(places.first == "SeededFault.swift:\(lines.culprit)", "\(first)")
        if lines.other > 0 {
            #expect(places.contains("SeededFault.swift:\(lines.other)"), "\(places)")
        }
        #expect(first.severity != .note)
        // The report shows the line itself.
        let report = FindingReport(findings, of: document).text
        #expect(report.contains("\(lines.culprit) │ "), "\(report)")
    }

    private func train(_ steps: Int) -> TraceDocument {
        let layer = withGenerator(seed: 7) { Linear(3, 2) }
        let optimizer = SGD(layer.parameters(), learningRate: 0.1, momentum: 0.9)
        let x = Tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 0.0]])
        let target = Tensor([0, 1])
        return Trace.record(TraceOptions(times: false), model: layer) {
            for _ in 0..<steps {
                optimizer.zeroGrad()
                let loss = crossEntropy(relu(layer(x)), target)
                loss.backward()
                optimizer.step()
            }
        }
    }

    @Test("A healthy training loop has no error and no warning")
    func healthy() {
        let findings = train(4).findings().filter { $0.severity != .note }
        #expect(findings.isEmpty, "\(findings.map(\.title))")
    }

    @Test("Equal runs have equal traces, and a different one differs")
    func comparison() {
        let (a, b) = (train(2), train(2))
        let same = TraceDiff(a, b, tolerance: .exact)
        #expect(same.isEmpty, "\(same.text())")
        #expect(same.comparedPasses == 2 && same.comparedGradients > 8)
        #expect(!TraceDiff(a, train(3)).isEmpty)
    }

    @Test("A recorded run is drawn, exported, and its curve of memory returns to nothing")
    func exports() throws {
        let document = train(2)
        let svg = try document.svg()
        #expect(XMLText.elements(of: svg) != nil)
        if let canonical = try Graphviz.canonical(try document.dot()) {
            #expect(canonical.contains("crossEntropy"))
        }
        #expect(try document.mermaid().contains("crossEntropy"))
        #expect(document.chromeTrace().count > 500)
        let memory = document.memory()
        #expect(memory.peak != nil && memory.points.last?.bytes == 0)
        let held = Trace.record {
            let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
            let y = x.exp().sin()
            #expect(y.graph().memory().total == 12)
        }
        #expect(held.memory().peak?.bytes == 12)
    }
}
