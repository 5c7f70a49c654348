import AdjointTesting
import Testing

@testable import AdjointCore

/// Named products against sums written out, and what they refuse.
@Suite struct ProductTests {
    private let a = numbers([1, 2, 3, 4, 5, 6], [2, 3])
    private let b = numbers([1, -1, 0, 2, 3, 1], [3, 2])

    @Test func einsumSumsOverWhatTheResultDoesNotName() throws {
        try expectClose(einsum("ij,jk->ik", a, b), a.matmul(b))
        try expectClose(einsum("ij,jk", a, b), a.matmul(b))
        try expectClose(einsum("ji", a), a.mT)
        try expectClose(einsum("ij->", a), a.sum())
        try expectClose(einsum("ij,ij->j", a, a), (a * a).sum(dim: 0))
        try expectClose(einsum(" i j , k l -> i j k l ", a, b), a.reshape(2, 3, 1, 1) * b)
        let cube = Tensor.arange(27, dtype: .float64).reshape(3, 3, 3)
        try expectClose(einsum("iij->j", cube), cube.diagonal().sum(dim: -1))
        try expectClose(einsum("iii->i", cube), numbers([0, 13, 26]))
        try expectClose(einsum("...ij,...jk->...ik", cube, a.mT), cube.matmul(a.mT))
        try expectClose(einsum("i...->...", cube), cube.sum(dim: 0))
        try expectClose(
            einsum("...i,i...->...", cube, cube[0]), einsum("abi,ib->ab", cube, cube[0]))
        try expectClose(
            einsum("ij,jk,kl->il", a, b, a), a.matmul(b).matmul(a))
        // A size of 1 broadcasts.
        try expectClose(
            einsum("ij,ij->i", a, numbers([1, 2], [2, 1])), a.sum(dim: 1) * numbers([1, 2]))
        #expect(einsum("i->", Tensor([1, 2], dtype: .int32)).dtype == .int64)
        gradcheck(
            { (inputs: [Tensor]) in einsum("bij,kj,b->ki", inputs) },
            [leaf([1, 2, 3, 4], [2, 1, 2]), leaf([5, 6], [1, 2]), leaf([0.5, -1])])
    }

    @Test func equationsThatSayNothingAreRefused() {
        expectError(.argument, "2 operands") { _ = einsum("ij,jk->ik", a) }
        expectError(.argument, "no operand") { _ = einsum("ij->k", a) }
        expectError(.argument, "twice") { _ = einsum("ij->ii", a) }
        expectError(.argument, "letters") { _ = einsum("i1->i", a) }
        expectError(.argument, "letters") { _ = einsum("i..->i", a) }
        expectError(.argument) { _ = einsum("ij->j->i", a) }
        expectError(.argument) { _ = einsum("", []) }
        expectError(.shape, "names 3 dimensions") { _ = einsum("ijk->i", a) }
        expectError(.shape, "one name stands for") { _ = einsum("ij,ij->i", a, b) }
        expectError(.shape, "two equal sizes") { _ = einsum("ii->i", a[0..<1]) }
        expectError(.dtype) { _ = einsum("ij,jk->ik", a, b.to(.float32)) }
    }

    @Test func tensordotPairsDimensions() throws {
        try expectClose(a.tensordot(b, dims: 1), a.matmul(b))
        try expectClose(a.tensordot(b, dims: ([0, 1], [1, 0])), (a * b.mT).sum())
        try expectClose(a.tensordot(b, dims: 0), a.reshape(2, 3, 1, 1) * b)
        expectError(.shape, "contracted dimensions") { _ = a.tensordot(b, dims: ([0], [0])) }
        expectError(.index, "twice") { _ = a.tensordot(b, dims: ([0, 0], [1, 1])) }
        expectError(.argument, "dims is 3") { _ = a.tensordot(b, dims: 3) }
    }

    @Test func scaledSums() throws {
        let x = numbers([1, 2, 3, 4], [2, 2])
        try expectClose(x.addmm(a, b, beta: 0.5, alpha: 2), 0.5 * x + 2 * a.matmul(b))
        let poison = Tensor.full([2, 2], Double.nan, dtype: .float64)
        try expectClose(poison.addmm(a, b, beta: 0), a.matmul(b))
        let written = x.clone()
        #expect(written.addmm_(a, b) === written)
        try expectClose(written, x + a.matmul(b))
        expectError(.shape, "cannot hold") { _ = numbers([1, 2]).addmm_(a, b) }
        expectError(.shape, "does not broadcast") { _ = numbers([1, 2, 3]).addmm(a, b) }
        expectError(.argument, "whole numbers") {
            _ = Tensor([[1, 2]]).addmm(Tensor([[1]]), Tensor([[1, 2]]), beta: 0.5)
        }
        expectError(.shape, "two matrices") { _ = x.addmm(numbers([1]), b) }
        #expect(
            Tensor([true, false]).addr(Tensor([true]), Tensor([false, true])).dtype == .bool)
    }

    @Test func chainsTakeTheCheapestOrder() throws {
        let tensors = [[3, 40], [40, 2], [2, 50], [50]].map { Tensor.ones($0, dtype: .float64) }
        try expectClose(Linalg.multiDot(tensors), Tensor.full([3], 4000, dtype: .float64))
        expectError(.shape, "cannot be multiplied") { _ = Linalg.multiDot([a, a]) }
        expectError(.argument, "at least 2") { _ = Linalg.multiDot([a]) }
    }

    @Test func blocksAndDiagonals() {
        let blocks = Tensor.blockDiag(Tensor([[1, 2]]), Tensor([3, 4]), Tensor(5))
        #expect(values(blocks) == [1, 2, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 5])
        #expect(values(Tensor([1, 2]).diagflat(offset: -1)) == [0, 0, 0, 1, 0, 0, 0, 2, 0])
        #expect(
            values(Tensor([[1, 2], [3, 4]]).diagEmbed(dim1: 0, dim2: 2))
                == [1, 0, 3, 0, 0, 2, 0, 4])
        #expect(values(Tensor([[1, 2], [3, 4]]).diag(1)) == [2])
        #expect(values(Tensor([[1, 2], [3, 4]]).trace()) == [5])
        expectError(.index, "two different") { _ = a.diagEmbed(dim1: 0, dim2: -3) }
        expectError(.argument, "too large") { _ = a.diagEmbed(offset: .max) }
        expectError(.argument, "too large") { _ = a.diagEmbed(offset: .min) }
        expectError(.shape, "two dimensions or fewer") {
            _ = Tensor.blockDiag(Tensor.ones(1, 1, 1))
        }
    }

    @Test func crossProductsAndPowers() {
        #expect(values(Linalg.cross(numbers([1, 2, 3]), numbers([4, 5, 6]))) == [-3, 6, -3])
        expectError(.shape, "length 3") { _ = Linalg.cross(numbers([1, 2]), numbers([1, 2])) }
        #expect(values(Linalg.vander(Tensor([2, 3]), n: 3)) == [1, 2, 4, 1, 3, 9])
        expectError(.argument, "N must be 0 or more") { _ = Linalg.vander(a, n: -1) }
    }

    @Test func distancesAndLikeness() throws {
        let x = numbers([0, 0, 3, 4, 6, 8], [3, 2])
        #expect(values(pdist(x)) == [5, 10, 5])
        #expect(values(cdist(x, x, p: 1)) == [0, 7, 14, 7, 0, 7, 14, 7, 0])
        #expect(cdist(Tensor.zeros(2, 0), Tensor.zeros(3, 0)).shape == [2, 3])
        // Coinciding rows have a gradient of 0.
        let same = leaf([1, 2], [1, 2])
        #expect(values(grad(of: cdist(same, same.detach()).sum(), wrt: same)) == [0, 0])
        try expectClose(
            cosineSimilarity(x, numbers([3, 4]), dim: 1), numbers([0, 1, 1]), atol: 1e-12)
        expectError(.shape, "rows of one length") { _ = cdist(x, a) }
        let scaled = numbers([3, 4, 0.3, 0.4], [2, 2]).renorm(p: 2, dim: 0, maxnorm: 1)
        try expectClose(scaled, numbers([0.6, 0.8, 0.3, 0.4], [2, 2]), atol: 1e-6)
    }

    @Test func covariances() throws {
        let x = numbers([1, 2, 3, 4, 0, 2], [2, 3])
        try expectClose(x.cov(), numbers([1, -1, -1, 4], [2, 2]))
        try expectClose(x.cov(correction: 0), numbers([1, -1, -1, 4], [2, 2]) * (2.0 / 3))
        let twice = Tensor.cat([x, x[.all, 0..<1]], dim: 1)
        try expectClose(x.cov(fweights: Tensor([2, 1, 1])), twice.cov(), atol: 1e-12)
        try expectClose(x.corrcoef(), numbers([1, -0.5, -0.5, 1], [2, 2]), atol: 1e-12)
        expectError(.argument, "negative") { _ = x.cov(fweights: Tensor([1, -1, 1])) }
        expectError(.dtype, "fweights are integers") { _ = x.cov(fweights: numbers([1, 1, 1])) }
        expectError(.shape, "one weight") { _ = x.cov(fweights: Tensor([1, 1])) }
    }

    @Test func aReshapedTangentMayLieOtherwise() {
        // The primal is transposed memory, its tangent is not.
        let x = numbers([1, 2, 3, 4], [2, 2]).mT.contiguous().mT
        let tangent: [Double]? = forwardMode { level in
            let dual = level.makeDual(x, tangent: numbers([1, 2, 3, 4], [2, 2]))
            return values(level.unpackDual(dual.mT.reshape(4)).tangent)
        }
        #expect(tangent == [1, 3, 2, 4])
    }
}
