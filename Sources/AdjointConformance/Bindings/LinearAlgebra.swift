import AdjointCore

extension Calls {
    /// Products, decompositions, solvers, norms.
    mutating func addLinearAlgebra() {
        addProducts()
        addDiagonals()
        addNorms()
        addDistances()
        addFactorisations()
        addSolvers()
        addInverses()
    }

    private mutating func addProducts() {
        bind("matmul", "linalg.matmul") { [try $0.tensor(0).matmul(try $0.tensor(1, "other"))] }
        bind("mm") { [try $0.tensor(0).mm(try $0.tensor(1, "mat2"))] }
        bind("mv") { [try $0.tensor(0).mv(try $0.tensor(1, "vec"))] }
        bind("bmm") { [try $0.tensor(0).bmm(try $0.tensor(1, "mat2"))] }
        bind("dot") { [try $0.tensor(0).dot(try $0.tensor(1, "tensor"))] }
        bind("vdot") { [try $0.tensor(0).vdot(try $0.tensor(1, "other"))] }
        bind("inner") { [try $0.tensor(0).inner(try $0.tensor(1, "other"))] }
        bind("outer", "ger") { [try $0.tensor(0).outer(try $0.tensor(1, "vec2"))] }
        bind("linalg.vecdot") {
            [Linalg.vecdot(try $0.tensor(0), try $0.tensor(1), dim: try $0.int(2, "dim", or: -1))]
        }
        bind("linalg.cross") {
            [Linalg.cross(try $0.tensor(0), try $0.tensor(1), dim: try $0.int(2, "dim", or: -1))]
        }
        bind("cross") {
            [try $0.tensor(0).cross(try $0.tensor(1, "other"), dim: try $0.int(2, "dim"))]
        }
        bind("linalg.multi_dot") { [Linalg.multiDot(try $0.tensorList(0, "tensors"))] }
        bind("linalg.vander") { [Linalg.vander(try $0.tensor(0), n: try $0.int(nil, "N"))] }
        bind("einsum") { [einsum(try $0.text(1) ?? "", try $0.tensorList(0))] }
        bind("tensordot") { arguments in
            let (a, b) = (try arguments.tensor(0), try arguments.tensor(1))
            if case .list(let lists)? = arguments.argument(2, "dims") {
                guard lists.count == 2 else { throw Mismatch("dims needs two lists") }
                return [
                    a.tensordot(
                        b, dims: (try Calls.integers(lists[0]), try Calls.integers(lists[1])))
                ]
            }
            return [a.tensordot(b, dims: try arguments.int(2, "dims", or: 2))]
        }
        addScaledProducts()
        bind("nn.functional.linear") {
            [
                linear(
                    try $0.tensor(0), try $0.tensor(1, "weight"),
                    try $0.optionalTensor(2, "bias"))
            ]
        }
        bind("nn.functional.bilinear") {
            [
                bilinear(
                    try $0.tensor(0), try $0.tensor(1), try $0.tensor(2, "weight"),
                    try $0.optionalTensor(3, "bias"))
            ]
        }
        bind("cov") {
            [
                try $0.tensor(0).cov(
                    correction: try $0.int(nil, "correction", or: 1),
                    fweights: try $0.optionalTensor(nil, "fweights"),
                    aweights: try $0.optionalTensor(nil, "aweights"))
            ]
        }
        bind("corrcoef") { [try $0.tensor(0).corrcoef()] }
    }

    private static func integers(_ list: RecordedArgument) throws -> [Int] {
        if case .int(let value) = list { return [value] }
        guard case .list(let items) = list else { throw Mismatch("\(list) is no list of integers") }
        return try items.map {
            guard case .int(let value) = $0 else { throw Mismatch("\($0) is no integer") }
            return value
        }
    }

    /// beta · x + alpha · a b in all its shapes.
    private mutating func addScaledProducts() {
        func bind(
            _ name: String,
            _ whole: @escaping @Sendable (Tensor, Tensor, Tensor, Int, Int) -> Tensor,
            _ fraction: @escaping @Sendable (Tensor, Tensor, Tensor, Double, Double) -> Tensor
        ) {
            self.bind(name) { arguments in
                let x = try arguments.tensor(0)
                let (a, b) = (try arguments.tensor(1), try arguments.tensor(2))
                if !x.dtype.isFloatingPoint {
                    return [
                        whole(
                            x, a, b, try arguments.int(nil, "beta", or: 1),
                            try arguments.int(nil, "alpha", or: 1))
                    ]
                }
                return [
                    fraction(
                        x, a, b, try arguments.double(nil, "beta", or: 1),
                        try arguments.double(nil, "alpha", or: 1))
                ]
            }
        }
        bind(
            "addmm", { $0.addmm($1, $2, beta: $3, alpha: $4) },
            { $0.addmm($1, $2, beta: $3, alpha: $4) })
        bind(
            "addmv", { $0.addmv($1, $2, beta: $3, alpha: $4) },
            { $0.addmv($1, $2, beta: $3, alpha: $4) })
        bind(
            "addr", { $0.addr($1, $2, beta: $3, alpha: $4) },
            { $0.addr($1, $2, beta: $3, alpha: $4) })
        bind(
            "addbmm", { $0.addbmm($1, $2, beta: $3, alpha: $4) },
            { $0.addbmm($1, $2, beta: $3, alpha: $4) })
        bind(
            "baddbmm", { $0.baddbmm($1, $2, beta: $3, alpha: $4) },
            { $0.baddbmm($1, $2, beta: $3, alpha: $4) })
    }

    private mutating func addDiagonals() {
        bind("diag") { [try $0.tensor(0).diag(try $0.int(1, "diagonal", or: 0))] }
        bind("diag_embed") {
            [
                try $0.tensor(0).diagEmbed(
                    offset: try $0.int(1, "offset", or: 0), dim1: try $0.int(2, "dim1", or: -2),
                    dim2: try $0.int(3, "dim2", or: -1))
            ]
        }
        bind("diagflat") { [try $0.tensor(0).diagflat(offset: try $0.int(1, "offset", or: 0))] }
        bind("diagonal") {
            [
                try $0.tensor(0).diagonal(
                    offset: try $0.int(1, "offset", or: 0), dim1: try $0.int(2, "dim1", or: 0),
                    dim2: try $0.int(3, "dim2", or: 1))
            ]
        }
        bind("linalg.diagonal") {
            [
                Linalg.diagonal(
                    try $0.tensor(0), offset: try $0.int(nil, "offset", or: 0),
                    dim1: try $0.int(nil, "dim1", or: -2), dim2: try $0.int(nil, "dim2", or: -1))
            ]
        }
        bind("trace") { [try $0.tensor(0).trace()] }
        bind("block_diag") { [Tensor.blockDiag(try $0.tensors(from: 0))] }
    }
}
