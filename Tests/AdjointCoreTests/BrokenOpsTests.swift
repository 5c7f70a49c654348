import AdjointTesting
import Testing

@testable import AdjointCore

/// The sweeps, tested with operators that are wrong on purpose.
@Suite struct BrokenOpsTests {
    struct Sabotage: CustomTestStringConvertible, Sendable {
        let type: any AnyOperator.Type
        let sweep: Sweep
        var testDescription: String { "\(type.info.name) by \(sweep)" }

        init(_ type: any AnyOperator.Type, _ sweep: Sweep) {
            self.type = type
            self.sweep = sweep
        }
    }

    static let all: [Sabotage] = [
        Sabotage(WrongDerivative.self, .finiteDifferences),
        Sabotage(WrongTranspose.self, .adjointLaw),
        Sabotage(MissingPushTerm.self, .adjointLaw),
        Sabotage(WrongSecondDerivative.self, .secondOrder),
        Sabotage(IgnoresStrides.self, .layouts),
        Sabotage(IgnoresCotangentStrides.self, .layouts),
        Sabotage(WrongWhereOneIsConstant.self, .subsets),
        Sabotage(UndeclaredSave.self, .saves),
        Sabotage(HiddenSave.self, .saves),
        Sabotage(WrongMetaShape.self, .meta),
        Sabotage(WrongInHalfPrecision.self, .dtypes),
        Sabotage(WrongResultType.self, .dtypes),
        Sabotage(TakesAnyType.self, .dtypes),
        Sabotage(WrongInPlace.self, .inPlace),
        Sabotage(WrongKernel.self, .kernels),
        Sabotage(WrongBatchingRule.self, .vmap),
        Sabotage(WritesAfterFailure.self, .poison),
        Sabotage(MixesDevices.self, .mistakes),
    ]

    @Test(arguments: all) func isCaught(_ sabotage: Sabotage) {
        let found = sabotage.sweep.findings(sabotage.type)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.operation == sabotage.type.info.name })
    }

    /// The law cannot see an error that both modes share; finite differences can.
    @Test func theLawAloneIsNotEnough() {
        #expect(Sweep.adjointLaw.findings(WrongDerivative.self).isEmpty)
        #expect(Sweep.adjointLaw.findings(WrongSecondDerivative.self).isEmpty)
        #expect(Sweep.finiteDifferences.findings(WrongSecondDerivative.self).isEmpty)
    }

    @Test func aTrapIsCaughtInItsProcess() async {
        await #expect(processExitsWith: .failure) {
            _ = Sweep.mistakes.findings(TrapsOnRank.self)
        }
    }

    @Test func everySweepHasASaboteur() {
        let caught = Set(Self.all.map(\.sweep))
        #expect(caught == Set(Sweep.allCases))
    }

    /// A sound operation passes all of it.
    @Test func aSoundOperationHasNoFindings() {
        #expect(checkOperator(Mul.self).map(\.description) == [])
    }
}
