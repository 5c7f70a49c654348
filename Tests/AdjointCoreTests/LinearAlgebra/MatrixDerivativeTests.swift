import AdjointTesting
import Testing

@testable import AdjointCore

/// Derivatives where a sample of the sweeps cannot go: singular matrices, zeros, factors of more
/// than one number.
@Suite struct MatrixDerivativeTests {
    @Test func determinantsOfSingularMatrices() throws {
        // Of rank 2, 1 and 0: the gradient is the cofactors, those of rank 1 and less being 0.
        let rank2 = leaf([1, 2, 3, 2, 4, 6, -1, 0.5, 1], [3, 3])
        rank2.det().backward()
        try expectClose(
            rank2.grad!, numbers([1, -8, 5, -0.5, 4, -2.5, 0, 0, 0], [3, 3]), atol: 1e-12)
        let rank1 = leaf([1, 2, 3, 2, 4, 6, -1, -2, -3], [3, 3])
        rank1.det().backward()
        try expectClose(rank1.grad!, Tensor.zeros(3, 3), atol: 1e-12)
        let zero = leaf([Double](repeating: 0, count: 4), [2, 2])
        #expect(values(grad(of: zero.det(), wrt: zero)) == [0, 0, 0, 0])
        // det of 2 by 2 is ad - bc, whose second derivatives are constant.
        for a in [zero, leaf([1, 2, 2, 4], [2, 2]), leaf([1, 2, 3, 4], [2, 2])] {
            try expectClose(
                hessian({ $0.det() }, a.detach()).reshape(4, 4),
                numbers([0, 0, 0, 1, 0, 0, -1, 0, 0, -1, 0, 0, 1, 0, 0, 0], [4, 4]), atol: 1e-12)
        }
        #expect(values(leaf([], [0, 0]).det()) == [1])
    }

    @Test func aThirdDerivativeOfTheDeterminant() throws {
        let a = numbers([1.5, -0.5, 0.7, 0.3, 2, -1, 0.9, 0.4, -1.2], [3, 3])
        let direction = numbers([1, 2, -1, 0.5, 1, 3, -2, 0.1, 1], [3, 3])
        // det(A + t X) is a cubic in t, whose third derivative is 6 det X.
        func f(_ t: Tensor) -> Tensor { (a + t * direction).det() }
        let third = grad(grad(grad(f)))(Tensor(0.3, dtype: .float64))
        try expectClose(third, 6 * direction.det(), atol: 1e-9)
    }

    @Test func logdetOfEverySign() {
        #expect(values(numbers([2, 0, 0, -1], [2, 2]).logdet())!.allSatisfy { $0.isNaN })
        #expect(values(numbers([1, 1, 1, 1], [2, 2]).logdet()) == [-.infinity])
        #expect(values(numbers([0, 1, 1, 0], [2, 2]).slogdet().sign) == [-1])
    }

    @Test func choleskySolveIsDifferentiatedAsAWhole() throws {
        let l = leaf([1.5, 0, 0.4, 2], [2, 2])
        let b = leaf([1, 2, 3, 4, 5, 6], [2, 3])
        func gradients(_ f: (Tensor, Tensor) -> Tensor) -> [Tensor] {
            let weights = numbers([1, -2, 3, 0.5, 1, 2], [2, 3])
            return grads(of: [(f(l, b) * weights).sum()], wrt: [l, b]).map { $0! }
        }
        let found = gradients { $1.choleskySolve($0) }
        let wanted = gradients { Linalg.solve($0.matmul($0.mT), $1) }
        for (p, q) in zip(found, wanted) { try expectClose(p, q, atol: 1e-12) }
        let upper = gradients { $1.choleskySolve($0.mT, upper: true) }
        for (p, q) in zip(upper, wanted) { try expectClose(p, q, atol: 1e-12) }
        try expectClose(
            l.detach().choleskyInverse(), l.detach().matmul(l.detach().mT).inverse(), atol: 1e-12)
    }

    @Test func hermitianPseudoInverses() {
        // By symmetric matrices: v ↦ B + Bᵀ, B of the numbers v.
        let start = numbers([2, 0.3, -0.2, 1, 1.5, 0.4, 0.1, -0.6, -3], [3, 3])
        gradcheck({ Linalg.pinv(($0 + $0.mT), hermitian: true) }, [start.requiresGrad_()])
        gradcheck({ Linalg.lstsq($0, numbers([1, 2, 3])).solution }, [start])
    }

    @Test func normsAtZero() {
        for ord in [2.0, 3.5, 0.5, 1, .infinity] {
            let x = leaf([0, 0, 0])
            let first = grad(of: Linalg.vectorNorm(x, ord: ord), wrt: x, createGraph: true)
            #expect(values(first) == [0, 0, 0])
        }
        // There is no second derivative of a cone at its tip; `norm` takes 0 for it.
        let x = leaf([0, 0])
        let sharp = grad(of: Linalg.vectorNorm(x), wrt: x, createGraph: true)
        #expect(values(grad(of: sharp.sum(), wrt: x))!.allSatisfy { $0.isNaN })
        let soft = grad(of: x.norm(), wrt: x, createGraph: true)
        #expect(values(grad(of: soft.sum(), wrt: x)) == [0, 0])
    }

    @Test func matrixNorms() throws {
        let a = numbers([1, -2, 3, 4, 5, -6], [2, 3])
        #expect(values(Linalg.matrixNorm(a, ord: 1)) == [9])
        #expect(values(Linalg.matrixNorm(a, ord: -1)) == [5])
        #expect(values(Linalg.matrixNorm(a, ord: .infinity)) == [15])
        #expect(values(Linalg.matrixNorm(a, ord: -.infinity)) == [6])
        let s = Linalg.svdvals(a)
        try expectClose(Linalg.matrixNorm(a, ord: 2), s[0])
        try expectClose(Linalg.matrixNorm(a, ord: -2), s[1])
        try expectClose(Linalg.matrixNorm(a, ord: .nuc), s.sum())
        try expectClose(Linalg.matrixNorm(a), (s * s).sum().sqrt())
        try expectClose(Linalg.cond(a), s[0] / s[1])
        #expect(Linalg.matrixNorm(a, ord: .nuc, keepDim: true).shape == [1, 1])
        #expect(Linalg.norm(Tensor.ones(2, 3, 4), ord: 1, dim: [0, 2]).shape == [3])
        expectError(.argument, "no norm of matrices") { _ = Linalg.matrixNorm(a, ord: 3) }
        expectError(.shape, "vector or a matrix") { _ = Linalg.norm(Tensor.ones(1, 2, 3), ord: 1) }
        expectError(.index, "two different") { _ = Linalg.matrixNorm(a, dim: [1, -1]) }
    }

    @Test func exponentials() throws {
        let a = numbers([0, 1, 0, 0], [2, 2])
        #expect(values(a.matrixExp()) == [1, 1, 0, 1])
        let turn = numbers([0, -40, 40, 0], [2, 2]).matrixExp()
        let (cos, sin) = (Double.cos(40), Double.sin(40))
        try expectClose(turn, numbers([cos, -sin, sin, cos], [2, 2]), atol: 1e-12)
        #expect(values(numbers([.nan, 0, 0, 1], [2, 2]).matrixExp())!.allSatisfy { $0.isNaN })
        #expect(values(numbers([2, 1, 0, 4], [2, 2]).matrixPower(-1)) == [0.5, -0.125, 0, 0.25])
        #expect(values(numbers([2, 1, 0, 4], [2, 2]).matrixPower(5)) == [32, 496, 0, 1024])
        #expect(values(a.matrixPower(0)) == [1, 0, 0, 1])
    }
}
