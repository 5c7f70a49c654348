import Testing

@testable import AdjointCore

/// The subtle semantics 1 to 12: gradients at ties, bounds, zeros and infinities.
@Suite struct FortyKinkTests {
    private let inf = Double.infinity
    private let nan = Double.nan

    @Test("1. reductions of everything share a tie evenly, those along a dimension pick one")
    func tiesOfReductions() {
        let x: [Double] = [1, 3, 3, 2]
        #expect(gradient(x) { $0.max() } == [0, 0.5, 0.5, 0])
        #expect(gradient(x) { $0.amax() } == [0, 0.5, 0.5, 0])
        #expect(gradient(x) { $0.amax(dim: 0) } == [0, 0.5, 0.5, 0])
        #expect(gradient(x) { $0.max(dim: 0).values } == [0, 1, 0, 0])
        #expect(gradient([1, 2, 2, 4]) { $0.median() } == [0, 0.5, 0.5, 0])
        #expect(gradient([1, 2, 2, 4]) { $0.median(dim: 0).values } == [0, 1, 0, 0])
        #expect(gradient([2, 2, 1]) { $0.topk(1).values } == [1, 0, 0])
        #expect(gradient([2, 2, 1]) { $0.kthValue(2).values } == [1, 0, 0])
        #expect(
            gradient([2, 2, 1]) { maxPool1d($0.reshape(1, 1, 3), kernelSize: 3) } == [1, 0, 0])
    }

    @Test("2. maximum and minimum halve a tie; fmax passes over a NaN")
    func tiesOfPairs() {
        #expect(gradients([2], [2]) { $0[0].maximum($0[1]) } == [[0.5], [0.5]])
        #expect(gradients([2], [2]) { $0[0].minimum($0[1]) } == [[0.5], [0.5]])
        #expect(gradients([1], [nan]) { $0[0].maximum($0[1]) } == [[1], [1]])
        #expect(gradients([2], [nan]) { $0[0].fmax($0[1]) } == [[1], [0]])
    }

    @Test("3. a bound of clamp is flat if it is a number, and halved if it is a tensor")
    func bounds() {
        #expect(gradient([-1, 0, 0.5, 1, 2]) { $0.clamp(min: 0, max: 1) } == [0, 0, 1, 0, 0])
        let halves = gradients([-1, 0, 2], [0, 0, 0]) { $0[0].clamp(min: $0[1]) }
        #expect(halves == [[0, 0.5, 1], [1, 0.5, 0]])
        #expect(gradient([-1, 1]) { $0.hardtanh() } == [0, 0])
        #expect(gradient([0, 6]) { $0.relu6() } == [0, 0])
        #expect(gradient([nan]) { $0.clamp(min: 0, max: 1) } == [0])
    }

    @Test(
        "4. relu is flat at both zeros and passes the gradient of a NaN; abs and sign are flat at 0"
    )
    func rectifiers() {
        #expect(gradient([0, -0.0, .nan, 2]) { $0.relu() } == [0, 0, 1, 1])
        #expect(gradient([0]) { $0.abs() } == [0])
        #expect(gradient([0, -3]) { $0.sign() } == [0, 0])
    }

    @Test(
        "5. every norm is flat at zero, in second order too", arguments: [1, 2, 3, 0.5, .infinity])
    func norms(_ p: Double) {
        let x = leaf([0, 0])
        let first = grad(of: x.norm(p), wrt: x, createGraph: true)
        #expect(values(first) == [0, 0])
        let second = grads(of: [(first * numbers([1, 2])).sum()], wrt: [x], unused: .zeros)
        #expect(values(second[0]) == [0, 0])
    }

    @Test("5. the maximum norm shares a tie, each element with its sign")
    func maximumNorm() {
        #expect(gradient([3, -3, 1]) { $0.norm(.infinity) } == [0.5, -0.5, 0])
    }

    @Test("6. the deviation of equal elements is flat, in second order too; of one it is NaN")
    func deviations() {
        let x = leaf([2, 2, 2])
        let first = grad(of: x.std(), wrt: x, createGraph: true)
        #expect(values(first) == [0, 0, 0])
        let second = grads(of: [(first * numbers([1, 2, 3])).sum()], wrt: [x], unused: .zeros)
        #expect(values(second[0]) == [0, 0, 0])
        #expect(gradient([2]) { $0.std() }.first?.isNaN == true)
        #expect(gradient([2]) { $0.std(correction: 0) } == [0])
    }

    @Test("7. a derivative that is infinite is infinite")
    func infinities() {
        #expect(gradient([0]) { $0.sqrt() } == [inf])
        #expect(gradient([0]) { $0.rsqrt() } == [-inf])
        #expect(gradient([0, -1]) { $0.log() } == [inf, -1])
        #expect(gradient([0]) { $0 ** 0.5 } == [inf])
        #expect(gradient([1, -1]) { $0.acos() } == [-inf, -inf])
        #expect(gradient([0]) { $0.reciprocal() } == [-inf])
        let angle = gradients([0], [0]) { $0[0].atan2($0[1]) }
        #expect(angle == [[0], [0]])
        #expect(gradients([0], [0]) { $0[0].hypot($0[1]) }.allSatisfy { $0[0].isNaN })
    }

    @Test("8. powers at 0: the exponent 0 is constant, and a log is taken only where it is wanted")
    func powers() {
        #expect(gradient([0, 3]) { $0 ** 0 } == [0, 0])
        #expect(gradient([0]) { $0 ** numbers([0]) } == [0])
        #expect(gradient([0]) { $0 ** numbers([1]) } == [1])
        #expect(gradient([0]) { $0 ** numbers([-1]) } == [-inf])
        #expect(gradients([0], [0]) { $0[0] ** $0[1] } == [[0], [0]])
        #expect(gradient([0, 2]) { numbers([0, 0]) ** $0 } == [0, 0])
        #expect(gradient([-2]) { $0 ** numbers([3]) } == [12])
        let both = gradients([-2], [2]) { $0[0] ** $0[1] }
        #expect(both[0] == [-4] && both[1][0].isNaN)
    }

    @Test("9. xlogy is flat in x at (0, 0); x · log x is not told, and gives NaN")
    func logarithms() {
        #expect(agree(gradients([0], [0]) { $0[0].xlogy($0[1]) }[0], [0]))
        #expect(agree(gradients([0], [0]) { $0[0].xlogy($0[1]) }[1], [nan]))
        #expect(agree(gradient([0]) { $0 * $0.log() }, [nan]))
    }

    @Test("10. products are never divided: a zero among the factors is no special case")
    func products() {
        #expect(gradient([0, 2, 3]) { $0.prod() } == [6, 0, 0])
        #expect(gradient([0, 0, 3]) { $0.prod() } == [0, 0, 0])
        #expect(gradient([2, 0, 3]) { $0.cumprod(dim: 0) } == [1, 8, 0])
    }

    @Test("11. softmax lives with -∞ beside a number; a maximum of ±∞ alone is NaN")
    func exponentials() {
        #expect(agree(gradient([-inf, -inf]) { $0.logSumExp(dim: 0) }, [nan, nan]))
        #expect(agree(gradient([inf, 0]) { $0.logSumExp(dim: 0) }, [nan, 0]))
        #expect(agree(gradient([-inf, 0]) { $0.softmax(dim: 0)[1] }, [0, 0]))
        #expect(agree(gradient([-inf, -inf]) { $0.softmax(dim: 0)[1] }, [nan, nan]))
    }

    @Test("12. a branch that was not taken has the gradient 0, whatever its derivative is there")
    func branches() {
        let masked = gradient([0, -1, 4]) { Tensor.where($0 .> 0, $0.sqrt(), 0) }
        #expect(masked == [0, 0, 0.25])
        #expect(gradient([0, 2]) { (1 / $0).maskedFill($0 .== 0, 0) } == [0, -0.25])
        let twice = gradient([0, -1, 4]) {
            Tensor.where($0 .> 0, Tensor.where($0 .> 0, $0, 1).sqrt(), 0)
        }
        #expect(twice == [0, 0, 0.25])
        // The factor 0 is a number like any other: nothing is switched off.
        #expect(gradient([0]) { $0.sqrt() * 0 }[0].isNaN)
    }
}
