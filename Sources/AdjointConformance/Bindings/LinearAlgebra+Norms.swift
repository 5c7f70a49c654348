import AdjointCore

extension Calls {
    mutating func addNorms() {
        bind("linalg.vector_norm") {
            [
                Linalg.vectorNorm(
                    try $0.tensor(0), ord: try $0.double(1, "ord", or: 2),
                    dim: try $0.ints(2, "dim"), keepDim: try $0.bool(3, "keepdim"),
                    dtype: try $0.dtype(4, "dtype"))
            ]
        }
        bind("linalg.matrix_norm") { arguments in
            let a = try arguments.tensor(0)
            let dim = try arguments.ints(2, "dim") ?? [-2, -1]
            let keepDim = try arguments.bool(3, "keepdim")
            let dtype = try arguments.dtype(4, "dtype")
            switch try Calls.order(arguments) {
            case .number(let ord):
                return [Linalg.matrixNorm(a, ord: ord, dim: dim, keepDim: keepDim, dtype: dtype)]
            case .name(let name):
                return [Linalg.matrixNorm(a, ord: name, dim: dim, keepDim: keepDim, dtype: dtype)]
            case nil: return [Linalg.matrixNorm(a, dim: dim, keepDim: keepDim, dtype: dtype)]
            }
        }
        bind("linalg.norm") { arguments in
            let a = try arguments.tensor(0)
            let dim = try arguments.ints(2, "dim")
            let keepDim = try arguments.bool(3, "keepdim")
            let dtype = try arguments.dtype(4, "dtype")
            switch try Calls.order(arguments) {
            case .number(let ord):
                return [Linalg.norm(a, ord: ord, dim: dim, keepDim: keepDim, dtype: dtype)]
            case .name(let name):
                return [Linalg.norm(a, ord: name, dim: dim, keepDim: keepDim, dtype: dtype)]
            case nil: return [Linalg.norm(a, dim: dim, keepDim: keepDim, dtype: dtype)]
            }
        }
        bind("norm") { arguments in
            let dtype = try arguments.dtype(4, "dtype")
            let a = try arguments.tensor(0)
            let x = dtype.map { a.to($0) } ?? a
            let dim = try arguments.ints(2, "dim")
            let keepDim = try arguments.bool(3, "keepdim")
            switch try Calls.order(arguments, "p") {
            case .number(let p): return [x.norm(p, dim: dim ?? [], keepDim: keepDim)]
            case .name(let name): return [x.norm(name, dim: dim, keepDim: keepDim)]
            case nil: return [x.norm(2, dim: dim ?? [], keepDim: keepDim)]
            }
        }
        bind("renorm") {
            [
                try $0.tensor(0).renorm(
                    p: try $0.double(1, "p", or: 2), dim: try $0.int(2, "dim", or: 0),
                    maxnorm: try $0.double(3, "maxnorm", or: 1))
            ]
        }
    }

    private enum Order {
        case number(Double)
        case name(Linalg.NamedNorm)
    }

    private static func order(_ arguments: Arguments, _ keyword: String = "ord") throws -> Order? {
        if case .text(let text)? = arguments.argument(1, keyword) {
            guard let name = Linalg.NamedNorm(rawValue: text) else {
                throw Mismatch("there is no norm '\(text)'")
            }
            return .name(name)
        }
        return try arguments.double(1, keyword).map { .number($0) }
    }

    mutating func addDistances() {
        bind("dist") {
            [try $0.tensor(0).dist(try $0.tensor(1), p: try $0.double(2, "p", or: 2))]
        }
        bind("cdist") {
            // How the distance is computed, and not what it is.
            _ = try $0.text(3, "compute_mode")
            return [cdist(try $0.tensor(0), try $0.tensor(1), p: try $0.double(2, "p", or: 2))]
        }
        bind("pdist", "nn.functional.pdist") {
            [pdist(try $0.tensor(0), p: try $0.double(1, "p", or: 2))]
        }
        bind("nn.functional.pairwise_distance") {
            [
                pairwiseDistance(
                    try $0.tensor(0), try $0.tensor(1), p: try $0.double(2, "p", or: 2),
                    eps: try $0.double(3, "eps", or: 1e-6), keepDim: try $0.bool(4, "keepdim"))
            ]
        }
        bind("nn.functional.cosine_similarity") {
            [
                cosineSimilarity(
                    try $0.tensor(0), try $0.tensor(1), dim: try $0.int(2, "dim", or: 1),
                    eps: try $0.double(3, "eps", or: 1e-8))
            ]
        }
    }
}
