import AdjointTesting
import Testing

@testable import AdjointCore

/// Elements that meet at a position: values, gradients at zeros and ties, what is refused.
@Suite struct ScatterReduceTests {
    private let x = Tensor([1.0, 2, 3])
    private let index = Tensor([0, 0, 2, 2])
    private let src = Tensor([5.0, 7, 2, 4])

    private func reduced(_ how: ScatterReduction, _ own: Bool = true) -> [Double]? {
        let made = x.scatterReduce(dim: 0, index: index, src: src, reduce: how, includeSelf: own)
        let written = x.clone().scatterReduce_(
            dim: 0, index: index, src: src, reduce: how, includeSelf: own)
        #expect(values(made) == values(written))
        let slices = x.indexReduce(dim: 0, index: index, src: src, reduce: how, includeSelf: own)
        #expect(values(made) == values(slices))
        return values(made)
    }

    @Test func everyReductionHasItsNumbers() {
        #expect(reduced(.sum) == [13, 2, 9])
        #expect(reduced(.sum, false) == [12, 2, 6])
        #expect(reduced(.prod) == [35, 2, 24])
        #expect(reduced(.prod, false) == [35, 2, 8])
        #expect(reduced(.amax) == [7, 2, 4])
        #expect(reduced(.amin) == [1, 2, 2])
        #expect(reduced(.amin, false) == [5, 2, 2])
        #expect(reduced(.mean, false) == [6, 2, 3])
        #expect(reduced(.mean)?.map { ($0 * 3).rounded() } == [13, 6, 9])
    }

    @Test func everyDTypeComputes() {
        for dtype in DType.allCases {
            for how in ScatterReduction.allCases where !(how == .mean && dtype == .bool) {
                let made = x.to(dtype).scatterReduce(
                    dim: 0, index: index, src: src.to(dtype), reduce: how)
                #expect(made.dtype == dtype)
                if dtype != .bool, how != .mean { #expect(values(made) == reduced(how)) }
            }
        }
        let whole = Tensor([-7, 0]).scatterReduce(
            dim: 0, index: Tensor([0]), src: Tensor([2]), reduce: .mean)
        #expect(values(whole) == [-3, 0])
        let big = Tensor([250], dtype: .uint8).scatterReduce(
            dim: 0, index: Tensor([0]), src: Tensor([3], dtype: .uint8), reduce: .amin,
            includeSelf: false)
        #expect(values(big) == [3])
    }

    @Test func nanStays() {
        let bad = Tensor([1.0, .nan])
        let made = bad.scatterReduce(
            dim: 0, index: Tensor([0, 1, 0]), src: Tensor([.nan, 2.0, 3.0]), reduce: .amax)
        #expect(values(made)?.allSatisfy(\.isNaN) == true)
    }

    @Test func productsWithZerosHaveTheirDerivatives() {
        let start = leaf([2, 3])
        let factors = leaf([0, 5, 0, 0, 7])
        let made = start.scatterReduce(
            dim: 0, index: Tensor([0, 0, 1, 1, 1]), src: factors, reduce: .prod)
        let first = grads(of: [made.sum()], wrt: [start, factors], createGraph: true)
        #expect(values(first[0]) == [0, 0])
        #expect(values(first[1]) == [10, 0, 0, 0, 0])
        // The second derivative where two factors are 0 is the product of the rest.
        let second = grad(of: first[1]![2], wrt: factors)
        #expect(values(second) == [0, 0, 0, 21, 0])
    }

    @Test func productsOfManyAgreeWithOneAfterAnother() throws {
        let source = Tensor.rand(37, 3, dtype: .float64) + 0.5
        let places = Tensor.randint(0, 5, [37, 3])
        let start = (Tensor.rand(6, 4, dtype: .float64) + 0.5)
        for own in [true, false] {
            let f: ([Tensor]) -> Tensor = {
                $0[0].scatterReduce(
                    dim: 0, index: places, src: $0[1], reduce: .prod, includeSelf: own)
            }
            gradcheck(f, [start.clone().requiresGrad_(), source.clone().requiresGrad_()])
        }
    }

    @Test func equalExtremesShareTheGradient() {
        let start = leaf([4, 1])
        let new = leaf([4, 2, 4, 1])
        let made = start.scatterReduce(
            dim: 0, index: Tensor([0, 0, 0, 1]), src: new, reduce: .amax)
        made.backward(gradient: numbers([6, 8]))
        #expect(values(start.grad) == [2, 4])
        #expect(values(new.grad) == [2, 0, 2, 4])
        // What does not take part has no share, even where it equals the result.
        let other = leaf([4])
        other.scatterReduce(
            dim: 0, index: Tensor([0]), src: numbers([4]), reduce: .amin, includeSelf: false
        ).backward()
        #expect(values(other.grad) == [0])
    }

    @Test func mistakesAreErrors() {
        expectError(.index) {
            _ = x.scatterReduce(dim: 0, index: Tensor([3]), src: src, reduce: .amax)
        }
        expectError(.shape) {
            _ = x.scatterReduce(dim: 0, index: index, src: Tensor([1.0]), reduce: .prod)
        }
        expectError(.dtype) {
            _ = x.scatterReduce(dim: 0, index: index, src: src.to(.float64), reduce: .amin)
        }
        expectError(.dtype) {
            let flags = Tensor([true])
            _ = flags.scatterReduce(dim: 0, index: Tensor([0]), src: flags, reduce: .mean)
        }
        expectError(.dtype) {
            let flags = Tensor([true])
            _ = flags.indexReduce(dim: 0, index: Tensor([0]), src: flags, reduce: .prod)
        }
        expectError(.shape, "vector") {
            _ = x.indexReduce(dim: 0, index: index.reshape(2, 2), src: src, reduce: .amax)
        }
        expectError(.shape) { _ = x.indexReduce(dim: 0, index: index, src: x, reduce: .amax) }
        expectError(.dtype, "alpha") {
            _ = Tensor([1]).indexAdd(dim: 0, index: Tensor([0]), src: Tensor([1]), alpha: 0.5)
        }
        expectError(.inPlace, "leaf") {
            leaf([1]).scatterReduce_(
                dim: 0, index: Tensor([0]), src: numbers([1]), reduce: .prod)
        }
    }

    @Test func alphaScalesWhatIsAdded() {
        let made = x.indexAdd(dim: 0, index: Tensor([0, 0]), src: Tensor([1.0, 2]), alpha: -2)
        #expect(values(made) == [-5, 2, 3])
        #expect(
            values(x.clone().indexAdd_(dim: 0, index: Tensor([1]), src: Tensor([4.0]), alpha: 0.5))
                == [1, 4, 3])
    }
}
