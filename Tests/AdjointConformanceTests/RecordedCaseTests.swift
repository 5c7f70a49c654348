import Foundation
import Testing

@testable import AdjointConformance

/// A file of recorded cases, by its name in test reports.
struct CaseFile: CustomTestStringConvertible, Sendable {
    let name: String
    var testDescription: String { name }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/cases").path

    static let all =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        .map { CaseFile(name: String($0.dropLast(".jsonl".count))) }

    func replay(strict: Bool) throws -> ConformanceReport {
        var conformance = Conformance(strict: strict)
        try conformance.replay(path: "\(CaseFile.folder)/\(name).jsonl")
        return conformance.report
    }
}

/// PyTorch's own samples of every operator: values, gradients, second-order gradients and
/// tangents, as recorded, with strided inputs, and in float32.
@Suite struct RecordedCaseTests {
    /// Files that do not pass in full, and why; the documentation says so too.
    static let exceptions = [
        "cholesky_inverse": "PyTorch's tangent is not that of the inverse"
    ]

    @Test("there are recorded cases of 449 operators and variants")
    func count() { #expect(CaseFile.all.count == 449) }

    @Test("an operator gives what PyTorch recorded", arguments: CaseFile.all)
    func passes(_ file: CaseFile) throws {
        let report = try file.replay(strict: true)
        if RecordedCaseTests.exceptions[file.name] != nil {
            #expect(report.failed > 0, "\(file.name) passes now: it is no exception any more")
            return
        }
        for message in report.operators.flatMap(\.messages).prefix(3) { Issue.record("\(message)") }
        #expect(report.failed == 0 && report.skipped == 0 && report.passed > 0)
    }
}
