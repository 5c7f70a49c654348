import AdjointTesting
import Testing

@testable import AdjointCore

/// `gradcheck` and `gradgradcheck`: what they accept, find and say.
@Suite struct GradCheckTests {
    @Test func soundFunctionsPass() {
        let x = leaf([0.5, -1, 2])
        #expect(gradcheck({ ($0 * $0).sum() }, [x]))
        #expect(gradcheck({ $0.exp() * 2 }, [x]))
        #expect(gradgradcheck({ ($0 * $0 * $0).sum() }, [x]))
        #expect(values(x) == [0.5, -1, 2] && x.grad == nil && x.version == 0)
    }

    @Test func functionsOfSeveralTensors() {
        let (a, b) = (leaf([1, 2, 3, 4], [2, 2]), leaf([0.5, 1, 1.5, 2], [2, 2]))
        #expect(gradcheck({ (x: [Tensor]) in x[0].matmul(x[1]) }, [a, b]))
        #expect(gradgradcheck({ (x: [Tensor]) in x[0].matmul(x[1]) }, [a, b]))
        #expect(gradcheck({ (x: [Tensor]) in [x[0] * x[1], x[0].exp()] }, [a, b]))
        #expect(gradcheck({ (x: [Tensor]) in x[0] * x[1] }, [a, numbers([3])]))
        expectError(.argument, "[Tensor]") { gradcheck({ $0 }, [a, b]) }
    }

    @Test func parametersThatAFunctionCapturesAreSampled() {
        let w = leaf([2, 3])
        #expect(gradcheck({ (_: Tensor) in (w * w).sum() }, [w]))
    }

    @Test func viewsAndTransposedInputsAreSampledAtTheirPlaces() {
        let base = numbers([1, 2, 3, 4, 5, 6], [2, 3])
        let x = base.t().detach().requiresGrad_()
        #expect(gradcheck({ $0 * numbers([1, 10], [2]) }, [x]))
        #expect(values(base) == [1, 2, 3, 4, 5, 6])
    }

    private func wrong(_ x: Tensor) -> Tensor {
        customGradient(x) { x in (x * x, { g in g * 3 * x }) }
    }

    @Test func aWrongGradientIsShownAtItsWorstEntry() {
        let x = leaf([1, 5])
        #expect(!gradcheck(wrong, [x], raiseException: false))
        let error = tensorError { gradcheck(wrong, [x]) }
        #expect(error?.kind == .autograd && error?.operation == "gradcheck")
        for words in ["Jacobian mismatch for output 0 with respect to input 0", "[1]", "15.0"] {
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test func onlyFloat64ResolvesTheDifferences() {
        expectError(.dtype, "float64") {
            gradcheck({ $0 * 2 }, [leaf([1], dtype: .float32)])
        }
        expectError(.argument, "require gradients") { gradcheck({ $0 * 2 }, [numbers([1])]) }
        expectError(.argument, "clone()") {
            gradcheck({ $0 * 2 }, [numbers([1]).expand(3).detach().requiresGrad_()])
        }
    }

    @Test func aGradientThatIgnoresItsCotangentIsFound() {
        let x = leaf([1])
        let ignoring = { (x: Tensor) in customGradient(x) { x in (x * 2, { _ in numbers([2]) }) } }
        expectError(.autograd, "does not multiply") { gradcheck(ignoring, [x]) }
    }

    @Test func aGradientThatChangesFromPassToPassIsFound() {
        let x = leaf([1])
        let calls = Log<Int>()
        let unsteady = { (x: Tensor) in
            customGradient(x) { x in
                (
                    x * 2,
                    { g in
                        calls.add(1)
                        return g * (2 + 1e-9 * Double(calls.all.count))
                    }
                )
            }
        }
        expectError(.autograd, "different gradients") { gradcheck(unsteady, [x]) }
    }

    @Test func aGradientThatCannotBeDifferentiatedIsFoundInSecondOrderAlone() {
        struct Detached: Function {
            func forward(_ context: FunctionContext, _ inputs: [Tensor]) -> [Tensor] {
                context.saveForBackward(inputs[0])
                return [inputs[0] * inputs[0]]
            }
            func backward(_ context: FunctionContext, _ gradOutputs: [Tensor?]) -> [Tensor?] {
                [gradOutputs[0]! * 2 * context.savedTensors[0].detach()]
            }
        }
        let x = leaf([3])
        #expect(gradcheck({ Detached().apply($0) }, [x]))
        #expect(!gradgradcheck({ Detached().apply($0) }, [x], raiseException: false))
    }

    @Test func constantsHaveNoGradientAndFinitelyManyValues() {
        #expect(gradcheck({ $0.floor() }, [leaf([0.5, 1.5])]))
        #expect(!gradcheck({ $0.detach() * 2 }, [leaf([1])], raiseException: false))
    }

    @Test func itWorksUnderNoGradAndInsideAFailedScopeGivesFalse() {
        #expect(noGrad { gradcheck({ $0 * $0 }, [leaf([1])]) })
        _ = tensorError {
            _ = numbers([1, 2]) + numbers([1, 2, 3])
            #expect(!gradcheck({ $0 * $0 }, [numbers([1])]))
        }
    }
}
