import AdjointCore

extension Calls {
    mutating func addFactorisations() {
        bind("linalg.cholesky") {
            [Linalg.cholesky(try $0.tensor(0), upper: try $0.bool(nil, "upper"))]
        }
        bind("cholesky") { [try $0.tensor(0).cholesky(upper: try $0.bool(1, "upper"))] }
        bind("linalg.cholesky_ex") {
            let found = Linalg.choleskyEx(
                try $0.tensor(0), upper: try $0.bool(nil, "upper"),
                checkErrors: try $0.bool(nil, "check_errors"))
            return [found.l, found.info]
        }
        bind("linalg.lu") {
            try Calls.needPivots($0)
            let found = Linalg.lu(try $0.tensor(0))
            return [found.p, found.l, found.u]
        }
        bind("linalg.lu_factor") {
            try Calls.needPivots($0)
            let found = Linalg.luFactor(try $0.tensor(0))
            return [found.lu, found.pivots]
        }
        bind("linalg.lu_factor_ex") {
            try Calls.needPivots($0)
            let found = Linalg.luFactorEx(
                try $0.tensor(0), checkErrors: try $0.bool(nil, "check_errors"))
            return [found.lu, found.pivots, found.info]
        }
        bind("linalg.qr") {
            let name = try $0.text(1, "mode") ?? "reduced"
            guard let mode = QR.Mode(rawValue: name) else { throw Mismatch("no mode '\(name)'") }
            let found = Linalg.qr(try $0.tensor(0), mode: mode)
            return [found.q, found.r]
        }
        bind("qr") {
            let found = try $0.tensor(0).qr(some: try $0.bool(1, "some", or: true))
            return [found.q, found.r]
        }
        bind("linalg.svd") {
            $0.ignore("driver")
            let found = Linalg.svd(
                try $0.tensor(0), fullMatrices: try $0.bool(1, "full_matrices", or: true))
            return [found.u, found.s, found.vh]
        }
        bind("svd") {
            let found = try $0.tensor(0).svd(
                some: try $0.bool(1, "some", or: true),
                computeUV: try $0.bool(2, "compute_uv", or: true))
            return [found.u, found.s, found.v]
        }
        bind("linalg.svdvals") {
            $0.ignore("driver")
            return [Linalg.svdvals(try $0.tensor(0))]
        }
        bind("linalg.eigh") {
            let found = Linalg.eigh(try $0.tensor(0), uplo: try Calls.triangle($0))
            return [found.eigenvalues, found.eigenvectors]
        }
        bind("linalg.eigvalsh") {
            [Linalg.eigvalsh(try $0.tensor(0), uplo: try Calls.triangle($0))]
        }
    }

    /// There is no factorisation without row exchanges on the processor, as in PyTorch.
    private static func needPivots(_ arguments: Arguments) throws {
        guard try arguments.bool(nil, "pivot", or: true) else {
            throw Mismatch("linalg.lu without pivoting is not implemented on the CPU")
        }
    }

    private static func triangle(_ arguments: Arguments) throws -> Linalg.Triangle {
        let name = try arguments.text(1, "UPLO") ?? "L"
        guard let triangle = Linalg.Triangle(rawValue: name.uppercased()) else {
            throw Mismatch("there is no triangle '\(name)'")
        }
        return triangle
    }

    mutating func addSolvers() {
        bind("linalg.solve") {
            [
                Linalg.solve(
                    try $0.tensor(0), try $0.tensor(1), left: try $0.bool(nil, "left", or: true))
            ]
        }
        bind("linalg.solve_ex") {
            let found = Linalg.solveEx(
                try $0.tensor(0), try $0.tensor(1), left: try $0.bool(nil, "left", or: true),
                checkErrors: try $0.bool(nil, "check_errors"))
            return [found.result, found.info]
        }
        bind("linalg.solve_triangular") {
            [
                Linalg.solveTriangular(
                    try $0.tensor(0), try $0.tensor(1), upper: try $0.bool(nil, "upper"),
                    left: try $0.bool(nil, "left", or: true),
                    unitriangular: try $0.bool(nil, "unitriangular"))
            ]
        }
        bind("triangular_solve") {
            let found = try $0.tensor(0).triangularSolve(
                try $0.tensor(1), upper: try $0.bool(2, "upper", or: true),
                transpose: try $0.bool(3, "transpose"),
                unitriangular: try $0.bool(4, "unitriangular"))
            return [found.solution, found.clonedCoefficient]
        }
        bind("cholesky_solve") {
            [try $0.tensor(0).choleskySolve(try $0.tensor(1), upper: try $0.bool(2, "upper"))]
        }
        bind("cholesky_inverse") {
            [try $0.tensor(0).choleskyInverse(upper: try $0.bool(1, "upper"))]
        }
        bind("linalg.lu_solve") {
            [
                Linalg.luSolve(
                    try $0.tensor(0), try $0.tensor(1), try $0.tensor(2),
                    left: try $0.bool(nil, "left", or: true),
                    adjoint: try $0.bool(nil, "adjoint"))
            ]
        }
        bind("linalg.tensorsolve") {
            [Linalg.tensorsolve(try $0.tensor(0), try $0.tensor(1), dims: try $0.ints(2, "dims"))]
        }
        bind("linalg.lstsq") {
            let found = try Calls.leastSquares($0)
            return [found.solution, found.residuals, found.rank, found.singularValues]
        }
        bind("linalg.lstsq.grad_oriented") {
            let found = try Calls.leastSquares($0)
            return [found.solution, found.residuals]
        }
    }

    private static func leastSquares(_ arguments: Arguments) throws -> Linalg.LeastSquares {
        let name = try arguments.text(nil, "driver") ?? "gelsy"
        guard let driver = Linalg.LeastSquaresDriver(rawValue: name) else {
            throw Mismatch("there is no driver '\(name)'")
        }
        return Linalg.lstsq(
            try arguments.tensor(0), try arguments.tensor(1),
            rcond: try arguments.double(2, "rcond"), driver: driver)
    }

    mutating func addInverses() {
        bind("linalg.inv", "inverse") { [Linalg.inv(try $0.tensor(0))] }
        bind("linalg.inv_ex") {
            let found = Linalg.invEx(
                try $0.tensor(0), checkErrors: try $0.bool(nil, "check_errors"))
            return [found.inverse, found.info]
        }
        bind("linalg.tensorinv") {
            [Linalg.tensorinv(try $0.tensor(0), ind: try $0.int(1, "ind", or: 2))]
        }
        bind("linalg.pinv", "linalg.pinv.hermitian") {
            [
                Linalg.pinv(
                    try $0.tensor(0), atol: try Calls.bound($0, nil, "atol"),
                    rtol: try Calls.bound($0, 1, "rtol"),
                    hermitian: try $0.bool(nil, "hermitian"))
            ]
        }
        bind("linalg.pinv.singular") {
            [Linalg.pinv(try $0.tensor(0).matmul(try $0.tensor(1).mT))]
        }
        bind("pinverse") {
            [try $0.tensor(0).pinverse(rcond: try $0.double(1, "rcond", or: 1e-15))]
        }
        bind("linalg.matrix_rank") {
            [
                Linalg.matrixRank(
                    try $0.tensor(0), atol: try Calls.bound($0, nil, "atol"),
                    rtol: try Calls.bound($0, nil, "rtol"),
                    hermitian: try $0.bool(nil, "hermitian"))
            ]
        }
        bind("linalg.det", "det") { [try $0.tensor(0).det()] }
        bind("linalg.slogdet", "slogdet") {
            let found = try $0.tensor(0).slogdet()
            return [found.sign, found.logabsdet]
        }
        bind("logdet") { [try $0.tensor(0).logdet()] }
        bind("matrix_exp", "linalg.matrix_exp") { [try $0.tensor(0).matrixExp()] }
        bind("linalg.matrix_power", "matrix_power") {
            [try $0.tensor(0).matrixPower(try $0.int(1, "n", or: 1))]
        }
        bind("linalg.cond") { [Linalg.cond(try $0.tensor(0), p: try $0.double(1, "p"))] }
    }

    /// A bound that is a number or a tensor.
    private static func bound(_ arguments: Arguments, _ position: Int?, _ name: String) throws
        -> Tensor?
    {
        switch arguments.argument(position, name) {
        case nil, .null: nil
        case .tensor: try arguments.tensor(position, name)
        case _: try arguments.double(position, name).map { Tensor($0, dtype: .float64) }
        }
    }
}
