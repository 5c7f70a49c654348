import Testing

@testable import AdjointCore

/// Tangents: levels, nesting, mixtures with reverse mode, writes in place.
@Suite struct ForwardModeTests {
    private func tangent(_ x: Double, _ f: (Tensor) -> Tensor) -> Double? {
        forwardMode { level in
            let dual = level.makeDual(numbers([x]), tangent: numbers([1]))
            return level.unpackDual(f(dual)).tangent?.item()
        }
    }

    @Test func aTangentIsTheDirectionalDerivative() {
        #expect(tangent(2) { $0 * $0 * $0 } == 12)
        #expect(tangent(2) { $0 + 1 } == 1)
    }

    @Test func whatDoesNotDependOnADualHasNoTangent() {
        #expect(tangent(2) { _ in numbers([3]) * 2 } == nil)
        #expect(tangent(2) { $0 .> 1 } == nil)
        #expect(tangent(2) { $0.detach() * 2 } == nil)
    }

    @Test func tangentsEndWithTheirLevel() {
        let (dual, level) = forwardMode { level in
            (level.makeDual(numbers([2]), tangent: numbers([1])), level)
        }
        #expect(level.unpackDual(dual).tangent == nil)
        expectError(.autograd, "no forward-mode level is open") {
            _ = level.makeDual(numbers([2]), tangent: numbers([1]))
        }
        #expect(values(dual * dual) == [4])
    }

    @Test func primalAndTangentMustAgree() {
        forwardMode { level in
            expectError(.shape, "[1]", "[2]") {
                _ = level.makeDual(numbers([1]), tangent: numbers([1, 2]))
            }
            expectError(.dtype) {
                _ = level.makeDual(numbers([1]), tangent: Tensor([1.0], dtype: .float32))
            }
            expectError(.dtype) {
                let whole = Tensor([1], dtype: .int64)
                _ = level.makeDual(whole, tangent: whole)
            }
        }
    }

    @Test func noGradDoesNotDisableForwardMode() {
        #expect(noGrad { tangent(3) { $0 * $0 } } == 6)
    }

    @Test func nestedLevelsGiveHigherDerivatives() {
        let second: Double? = forwardMode { outer in
            let x = outer.makeDual(numbers([2]), tangent: numbers([1]))
            let first: Tensor = forwardMode { inner in
                let y = inner.makeDual(x, tangent: numbers([1]))
                return inner.unpackDual(y * y * y).tangent!
            }
            #expect(values(outer.unpackDual(first).primal) == [12])
            return outer.unpackDual(first).tangent?.item()
        }
        #expect(second == 12)
    }

    @Test func levelsDoNotMixTheirTangents() {
        // d/dx (x · d/dy (x + y)) = 1, and not 2: the inner derivative does not depend on x.
        let result: Double? = forwardMode { outer in
            let x = outer.makeDual(numbers([3]), tangent: numbers([1]))
            let inner: Tensor = forwardMode { level in
                let y = level.makeDual(numbers([5]), tangent: numbers([1]))
                return level.unpackDual(x + y).tangent!
            }
            return outer.unpackDual(x * inner).tangent?.item()
        }
        #expect(result == 1)
    }

    @Test func forwardOverReverse() {
        let x = leaf([2])
        forwardMode { level in
            let dual = level.makeDual(x, tangent: numbers([1]))
            let gradient = grad(of: dual * dual * dual, wrt: dual, createGraph: true)
            let (value, tangent) = level.unpackDual(gradient)
            #expect(values(value) == [12] && values(tangent) == [12])
        }
    }

    @Test func reverseOverForward() {
        let x = leaf([2])
        forwardMode { level in
            let dual = level.makeDual(x, tangent: numbers([1]))
            let tangent = level.unpackDual(dual.exp() * dual).tangent!
            let expected = 4 * 7.38905609893065
            #expect(abs(grad(of: tangent, wrt: x).item(as: Double.self) - expected) < 1e-9)
        }
    }

    @Test func writesInPlaceCarryTangents() {
        forwardMode { level in
            let dual = level.makeDual(numbers([2]), tangent: numbers([1]))
            let target = numbers([0])
            target.add_(dual)
            target.mul_(dual)
            #expect(values(level.unpackDual(target).tangent) == [4])
            target.zero_()
            let left = level.unpackDual(target).tangent
            #expect(left == nil || values(left) == [0])
        }
    }

    @Test func viewsCarryTheTangentsOfTheirPart() {
        forwardMode { level in
            let dual = level.makeDual(numbers([1, 2, 3]), tangent: numbers([10, 20, 30]))
            #expect(values(level.unpackDual(dual[1...]).tangent) == [20, 30])
            #expect(
                values(level.unpackDual(dual.expand(2, 3).sum(dim: 0)).tangent) == [20, 40, 60])
        }
    }

    @Test func writesThroughAViewReachTheTangentOfTheBase() {
        forwardMode { level in
            let dual = level.makeDual(numbers([1, 2, 3]), tangent: numbers([10, 20, 30]))
            let base = dual.clone()
            base[1..<2].mul_(5)
            #expect(values(level.unpackDual(base).tangent) == [10, 100, 30])
            let plain = numbers([0, 0, 0])
            plain[0..<1].copy_(dual[2...])
            #expect(values(level.unpackDual(plain).tangent) == [30, 0, 0])
        }
    }

    @Test func writesToABaseReachTheTangentsOfItsViews() {
        forwardMode { level in
            let dual = level.makeDual(numbers([1, 2, 3]), tangent: numbers([10, 20, 30]))
            let base = dual.clone()
            let view = base[1...]
            base.mul_(5)
            #expect(values(level.unpackDual(view).tangent) == [100, 150])
        }
    }
}
