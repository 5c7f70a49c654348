import AdjointTesting
import Foundation
import Testing

@testable import AdjointCore

/// What the sweeps cannot see of factorisations: that the factors multiply to the matrix at sizes
/// beyond a sample's, which triangle is read, what is refused, and what happens without a LAPACK.
@Suite struct FactorisationTests {
    /// Reproducible numbers.
    private func random(_ shape: [Int], dtype: DType = .float64) -> Tensor {
        withGenerator(seed: 3) { Tensor.randn(shape, dtype: dtype) }
    }

    private func positive(_ shape: [Int], dtype: DType = .float64) -> Tensor {
        let a = random(shape, dtype: dtype)
        return a.matmul(a.mT) + Tensor.eye(shape[shape.count - 1], dtype: dtype)
    }

    private static let shapes = [
        [3, 5], [5, 3], [40, 30], [2, 3, 20, 33], [0, 2], [2, 0], [2, 1, 1],
    ]

    @Test(arguments: shapes, [DType.float32, .float64])
    func factorsMultiplyToTheMatrix(_ shape: [Int], _ dtype: DType) throws {
        let a = random(shape, dtype: dtype)
        let bound = dtype == .float64 ? 1e-12 : 1e-4
        func check(_ product: Tensor) throws {
            try expectClose(product, a, atol: bound, rtol: bound)
            #expect(product.dtype == dtype)
        }
        for mode in [QR.Mode.reduced, .complete] {
            let (q, r) = Linalg.qr(a, mode: mode)
            try check(q.matmul(r))
            try expectClose(
                q.mT.matmul(q), Tensor.eye(q.shape.last!).expand(q.mT.matmul(q).shape),
                atol: bound)
        }
        try expectClose(
            Linalg.qr(a, mode: .r).r, Linalg.qr(a).r, atol: bound, rtol: bound)
        let (p, l, u) = Linalg.lu(a)
        try check(p.matmul(l).matmul(u))
        for full in [false, true] {
            let (u, s, vh) = Linalg.svd(a, fullMatrices: full)
            let k = s.shape.last!
            try check(
                (u[..., 0..<k] * s.unsqueeze(-2)).matmul(vh.narrow(dim: -2, start: 0, length: k)))
            try expectClose(s, s.sort(dim: -1, descending: true).values)
        }
        try check(Linalg.pinv(Linalg.pinv(a)))
    }

    @Test func oneTriangleIsRead() throws {
        let a = positive([2, 6, 6])
        let (lower, upper) = (a.tril() + 9 * a.triu(diagonal: 1), a.triu() - a.tril(diagonal: -1))
        try expectClose(Linalg.cholesky(lower), Linalg.cholesky(a))
        try expectClose(Linalg.cholesky(upper, upper: true), Linalg.cholesky(a).mT)
        let (w, v) = Linalg.eigh(lower)
        try expectClose((v * w.unsqueeze(-2)).matmul(v.mT), a, atol: 1e-10)
        try expectClose(Linalg.eigvalsh(upper, uplo: .upper), w)
        try expectClose(Linalg.pinv(lower, hermitian: true), a.inverse(), atol: 1e-9)
    }

    @Test func solutionsSolve() throws {
        let (a, b) = (random([3, 5, 5]), random([2, 1, 5, 4]))
        try expectClose(a.matmul(Linalg.solve(a, b)), b.expand(2, 3, 5, 4), atol: 1e-10)
        let right = random([4, 5])
        try expectClose(
            Linalg.solve(a, right, left: false).matmul(a), right.expand(3, 4, 5), atol: 1e-10)
        try expectClose(
            a.matmul(Linalg.solve(a, random([3, 5])).unsqueeze(-1)).squeeze(-1), random([3, 5]),
            atol: 1e-10)
        let (lu, pivots) = Linalg.luFactor(a)
        let c = random([3, 5, 2])
        try expectClose(a.matmul(Linalg.luSolve(lu, pivots, c)), c, atol: 1e-10)
        try expectClose(a.mT.matmul(Linalg.luSolve(lu, pivots, c, adjoint: true)), c, atol: 1e-10)
        try expectClose(
            Linalg.luSolve(lu, pivots, c.mT, left: false).matmul(a), c.mT, atol: 1e-10)
        let tensor = random([2, 3, 6])
        try expectClose(
            tensor.tensordot(Linalg.tensorsolve(tensor, random([2, 3])), dims: 1), random([2, 3]),
            atol: 1e-10)
    }

    @Test(arguments: [true, false], [true, false])
    func triangularSystems(_ upper: Bool, _ left: Bool) throws {
        for unit in [true, false] { try triangularSystem(upper, left, unit) }
    }

    private func triangularSystem(_ upper: Bool, _ left: Bool, _ unit: Bool) throws {
        let a = random([2, 4, 4]) + 3 * Tensor.eye(4, dtype: .float64)
        let b = left ? random([2, 4, 3]) : random([2, 3, 4])
        var triangle = upper ? a.triu() : a.tril()
        if unit {
            triangle = triangle - triangle.mainDiagonal.diagEmbed() + Tensor.eye(4, dtype: .float64)
        }
        let x = Linalg.solveTriangular(a, b, upper: upper, left: left, unitriangular: unit)
        try expectClose(left ? triangle.matmul(x) : x.matmul(triangle), b, atol: 1e-10)
    }

    @Test func leastSquares() throws {
        for shape in [[6, 3], [3, 6], [4, 4]] {
            let (a, b) = (random(shape), random([shape[0], 2]))
            let wanted = Linalg.pinv(a).matmul(b)
            for driver in [Linalg.LeastSquaresDriver.gels, .gelsy, .gelsd, .gelss] {
                let found = Linalg.lstsq(a, b, driver: driver)
                try expectClose(found.solution, wanted, atol: 1e-9)
                let isTall = shape[0] > shape[1] && driver != .gelsy
                #expect(found.residuals.shape == (isTall ? [2] : [0]))
                #expect(values(found.rank) == (driver == .gels ? [] : [Double(shape.min()!)]))
            }
        }
        // Of rank 1: the smallest of many solutions.
        let found = Linalg.lstsq(numbers([1, 1, 1, 1], [2, 2]), numbers([2, 4]), driver: .gelsd)
        try expectClose(found.solution, numbers([1.5, 1.5]), atol: 1e-12)
        #expect(values(found.rank) == [1])
        #expect(found.residuals.shape == [0])
    }

    @Test func whatHasNoFactorsIsRefused() {
        let singular = numbers([1, 2, 2, 4], [2, 2])
        expectError(.argument, "not positive-definite", "order 2") {
            _ = Linalg.cholesky(numbers([1, 2, 2, 1], [2, 2]))
        }
        expectError(.argument, "(Batch element 1)", "not positive-definite") {
            _ = Tensor.stack([numbers([1, 0, 0, 1], [2, 2]), -singular]).cholesky()
        }
        expectError(.argument, "matrix is singular") { _ = singular.inverse() }
        expectError(.argument, "matrix is singular") {
            _ = Linalg.solve(singular, numbers([1, 2]))
        }
        expectError(.argument, "U[2,2] is zero") { _ = Linalg.luFactor(singular) }
        expectError(.argument, "non-finite") { _ = Linalg.svdvals(numbers([1, .nan], [1, 2])) }
        expectError(.argument, "non-finite") {
            _ = Linalg.eigvalsh(numbers([.infinity, 0, 0, 1], [2, 2]))
        }
        #expect(values(Linalg.choleskyEx(-singular).info) == [1])
        #expect(values(Linalg.invEx(singular).info) == [2])
        #expect(values(Linalg.luFactorEx(singular).info) == [2])
        #expect(values(Linalg.solveEx(singular, numbers([1, 2])).info) == [2])
        expectError(.dtype, "float32 or float64") { _ = Tensor.eye(2, dtype: .float16).det() }
        expectError(.shape, "square") { _ = Tensor.zeros(2, 3).inverse() }
        expectError(.shape, "at least 2 dimensions") { _ = Linalg.svd(Tensor.zeros(3)) }
        expectError(.index, "pivots") {
            _ = Linalg.luSolve(
                numbers([1, 0, 0, 1], [2, 2]), Tensor([7, 1], dtype: .int32),
                numbers([1, 1], [2, 1]))
        }
    }

    @Test func ranksAndBounds() {
        let a = Tensor.stack([
            numbers([1, 0, 0, 0.1], [2, 2]), numbers([1, 0, 0, 1e-9], [2, 2]),
        ])
        #expect(values(Linalg.matrixRank(a)) == [2, 2])
        #expect(values(Linalg.matrixRank(a, atol: 1e-6)) == [2, 1])
        #expect(values(Linalg.matrixRank(a, atol: numbers([0.5, 0]), rtol: nil)) == [1, 2])
        #expect(values(Linalg.matrixRank(a, rtol: 0.2, hermitian: true)) == [1, 1])
        let cut = Linalg.pinv(a, atol: numbers([0.5, 0]), rtol: nil)
        #expect(values(cut) == [1, 0, 0, 0, 1, 0, 0, 1 / 1e-9])
        #expect(values(Linalg.pinv(a, rtol: 1)) == [Double](repeating: 0, count: 8))
    }

    @Test func aDerivativeThatIsNotThereIsRefused() {
        let a = leaf([1, 2, 3, 4, 5, 7], [3, 2])
        expectError(.autograd, "mode='complete'") {
            Linalg.qr(a, mode: .complete).r.sum().backward()
        }
        expectError(.autograd, "mode='r'") { Linalg.qr(a, mode: .r).r.sum().backward() }
    }

    @Test func equalBitsEachTime() {
        let a = random([150, 150])
        let first = [Linalg.svd(a).u, Linalg.inv(a), Linalg.qr(a).q, a.matrixExp()]
        let second = [Linalg.svd(a).u, Linalg.inv(a), Linalg.qr(a).q, a.matrixExp()]
        for (p, q) in zip(first, second) { #expect(values(p) == values(q)) }
    }

    @Test func aBatchSharesAMatrix() throws {
        let (a, b) = (random([3, 3]), random([4, 3, 2]))
        try expectClose(vmap { Linalg.solve(a, $0) }(b), Linalg.solve(a, b), atol: 1e-12)
        try expectClose(
            vmap { Linalg.solve($0, b[0]) }(random([2, 3, 3])),
            Linalg.solve(random([2, 3, 3]), b[0]), atol: 1e-12)
        try expectClose(vmap { $0.det() }(random([4, 3, 3])), random([4, 3, 3]).det())
    }

    @Test("Without a LAPACK an operation says what to install, and the others work")
    func missing() async {
        await #expect(processExitsWith: .success) {
            setenv("ADJOINT_LAPACK", "/nowhere/liblapack.so", 1)
            let a = Tensor([[2.0, 1], [0, 4]], dtype: .float64)
            do {
                _ = try catchingTensorErrors { a.inverse() }
                exit(1)
            } catch let error as TensorError {
                let words = ["libopenblas0", "ADJOINT_LAPACK", "/nowhere/liblapack.so"]
                guard error.kind == .argument, error.operation == "inverse",
                    words.allSatisfy(error.message.contains)
                else { exit(2) }
            } catch {
                exit(2)
            }
            let x = Linalg.solveTriangular(a, Tensor([[4.0], [4]], dtype: .float64), upper: true)
            guard x.array(as: Double.self) == [1.5, 1] else { exit(3) }
            guard a.matrixPower(2).array(as: Double.self) == [4, 6, 0, 16] else { exit(4) }
            _ = a.matrixExp()
        }
    }
}
