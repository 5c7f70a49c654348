import AdjointTesting
import Testing

@testable import AdjointCore

/// An operation of the roll call, by its name in test reports.
struct Enrolled: CustomTestStringConvertible, Sendable {
    let type: any AnyOperator.Type
    var testDescription: String { "\(type)" }

    static let all = RollCall.all.map { Enrolled(type: $0) }

    /// Each operation's name with its position in the roll call, for tests in another process.
    static let positions = Array(all.indices)
}

/// Every operation of the roll call, under every sweep.
@Suite struct SweepTests {
    private func check(_ sweep: Sweep, _ operation: Enrolled) {
        // A mistake shows on most samples; three say enough.
        for finding in sweep.findings(operation.type).prefix(3) {
            Issue.record("\(finding)")
        }
    }

    @Test(arguments: Enrolled.all) func finiteDifferences(_ operation: Enrolled) {
        check(.finiteDifferences, operation)
    }

    @Test(arguments: Enrolled.all) func adjointLaw(_ operation: Enrolled) {
        check(.adjointLaw, operation)
    }

    @Test(arguments: Enrolled.all) func secondOrder(_ operation: Enrolled) {
        check(.secondOrder, operation)
    }

    @Test(arguments: Enrolled.all) func layouts(_ operation: Enrolled) {
        check(.layouts, operation)
    }

    @Test(arguments: Enrolled.all) func subsets(_ operation: Enrolled) {
        check(.subsets, operation)
    }

    @Test(arguments: Enrolled.all) func saves(_ operation: Enrolled) {
        check(.saves, operation)
    }

    @Test(arguments: Enrolled.all) func meta(_ operation: Enrolled) {
        check(.meta, operation)
    }

    @Test(arguments: Enrolled.all) func dtypes(_ operation: Enrolled) {
        check(.dtypes, operation)
    }

    @Test(arguments: Enrolled.all) func inPlace(_ operation: Enrolled) {
        check(.inPlace, operation)
    }

    @Test(arguments: Enrolled.all) func kernels(_ operation: Enrolled) {
        check(.kernels, operation)
    }

    @Test(arguments: Enrolled.all) func vmap(_ operation: Enrolled) {
        check(.vmap, operation)
    }

    @Test(arguments: Enrolled.all) func poison(_ operation: Enrolled) {
        check(.poison, operation)
    }

    /// In a process of its own: a trap is then a failed test that names the operation.
    @Test(arguments: Enrolled.positions) func mistakes(_ position: Int) async {
        await #expect(processExitsWith: .success) {
            [position] in
            let found = Sweep.mistakes.findings(Enrolled.all[position].type)
            for finding in found { Issue.record("\(finding)") }
        }
    }
}

/// What the roll call itself must satisfy.
@Suite struct RollCallTests {
    @Test func everyOperationIsEnrolledOnce() {
        var seen: Set<ObjectIdentifier> = []
        for type in RollCall.all {
            #expect(seen.insert(ObjectIdentifier(type)).inserted, "\(type) is enrolled twice")
        }
    }

    @Test(arguments: Enrolled.all) func everyOperationHasSamples(_ operation: Enrolled) {
        let samples = operation.type.samples
        #expect(!samples.isEmpty)
        for sample in samples {
            #expect(type(of: sample.op) == operation.type)
        }
    }

    @Test(arguments: Enrolled.all) func everyOperationSaysWhatItIs(_ operation: Enrolled) {
        let info = operation.type.info
        #expect(!info.name.isEmpty && !info.formula.isEmpty)
        if case .smooth = operation.type.differentiability { #expect(!info.derivative.isEmpty) }
    }
}
