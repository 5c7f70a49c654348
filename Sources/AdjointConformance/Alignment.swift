import AdjointCore

/// Decompositions are unique only up to the sign of each vector, and up to a rotation of the
/// null space. Our vectors are turned to the recorded ones by constant factors, after which
/// values, cotangents and tangents can be compared as they are.
enum Alignment {
    /// Where the vectors of a result lie.
    private enum Vectors { case columns, rows }

    private static let decompositions: [String: [Int: Vectors]] = [
        "svd": [0: .columns, 2: .columns],
        "linalg.svd": [0: .columns, 2: .rows],
        "linalg.eigh": [1: .columns],
        "linalg.qr": [0: .columns, 1: .rows],
        "qr": [0: .columns, 1: .rows],
    ]

    static func align(_ results: [any CallResult], with recorded: Case) -> [any CallResult] {
        guard let vectors = decompositions[recorded.op] else { return results }
        let rank = recorded.rank
        return results.enumerated().map { i, result in
            guard let place = vectors[i], let got = result as? Tensor,
                case .tensor(let want) = recorded.out[i], got.shape == want.shape, got.numel > 0
            else { return result }
            let wanted = want.tensor().to(got.dtype)
            switch place {
            case .columns: return align(got, wanted, rank)
            case .rows: return align(got.mT, wanted.mT, rank).mT
            }
        }
    }

    /// Each column times the sign of its product with the recorded one; columns past `rank` are
    /// turned into the recorded ones as far as they span the same space.
    private static func align(_ got: Tensor, _ want: Tensor, _ rank: Int) -> Tensor {
        let count = got.shape[got.ndim - 1]
        let plain = got.detach()
        let signs = noGrad {
            let products = (plain * want).sum(dim: -2, keepDim: true)
            return Tensor.where(products .< 0, Tensor(-1.0), Tensor(1.0)).to(got.dtype)
        }
        guard count > rank else { return got * signs }
        let leading = got[..., 0..<rank] * signs[..., 0..<rank]
        let rest = got[..., rank..<count]
        let turn = noGrad { rest.detach().mT.matmul(want[..., rank..<count]) }
        return Tensor.cat([leading, rest.matmul(turn)], dim: -1)
    }
}

extension Case {
    /// The number of singular vectors that the matrix determines: the smaller of its two sizes.
    fileprivate var rank: Int {
        guard let shape = inputs.first?.tensor.shape, shape.count >= 2 else { return 0 }
        return min(shape[shape.count - 1], shape[shape.count - 2])
    }
}
