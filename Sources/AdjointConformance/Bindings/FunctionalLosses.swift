import AdjointCore

extension Arguments {
    /// The word for how losses are reduced.
    fileprivate func reduction(_ position: Int? = nil) throws -> Reduction {
        ignore("size_average", "reduce")
        let name = try text(position, "reduction") ?? "mean"
        switch name {
        case "none": return .none
        case "mean": return .mean
        case "sum": return .sum
        default: throw Mismatch("there is no reduction '\(name)'")
        }
    }
}

extension Calls {
    /// Losses of single elements and of classes.
    mutating func addLosses() {
        functional("l1_loss") {
            [l1Loss(try $0.tensor(0), try $0.tensor(1), reduction: try $0.reduction())]
        }
        functional("mse_loss") {
            [mseLoss(try $0.tensor(0), try $0.tensor(1), reduction: try $0.reduction())]
        }
        functional("smooth_l1_loss") {
            let beta = try $0.double(nil, "beta", or: 1)
            return [
                smoothL1Loss(
                    try $0.tensor(0), try $0.tensor(1), reduction: try $0.reduction(), beta: beta)
            ]
        }
        functional("huber_loss") {
            let delta = try $0.double(nil, "delta", or: 1)
            return [
                huberLoss(
                    try $0.tensor(0), try $0.tensor(1), reduction: try $0.reduction(), delta: delta)
            ]
        }
        functional("binary_cross_entropy") {
            [
                binaryCrossEntropy(
                    try $0.tensor(0), try $0.tensor(1), weight: try $0.optionalTensor(2, "weight"),
                    reduction: try $0.reduction())
            ]
        }
        functional("binary_cross_entropy_with_logits") {
            [
                binaryCrossEntropyWithLogits(
                    try $0.tensor(0), try $0.tensor(1), weight: try $0.optionalTensor(2, "weight"),
                    posWeight: try $0.optionalTensor(nil, "pos_weight"),
                    reduction: try $0.reduction())
            ]
        }
        functional("cross_entropy") {
            [
                crossEntropy(
                    try $0.tensor(0), try $0.tensor(1), weight: try $0.optionalTensor(2, "weight"),
                    ignoreIndex: try $0.int(nil, "ignore_index", or: -100),
                    reduction: try $0.reduction(),
                    labelSmoothing: try $0.double(nil, "label_smoothing", or: 0))
            ]
        }
        functional("nll_loss") {
            [
                nllLoss(
                    try $0.tensor(0), try $0.tensor(1), weight: try $0.optionalTensor(2, "weight"),
                    ignoreIndex: try $0.int(nil, "ignore_index", or: -100),
                    reduction: try $0.reduction())
            ]
        }
        addLikelihoods()
    }

    private mutating func addLikelihoods() {
        functional("kl_div") {
            $0.ignore("size_average", "reduce")
            let names: [String: DivergenceReduction] = [
                "none": .none, "mean": .mean, "sum": .sum, "batchmean": .batchMean,
            ]
            let name = try $0.text(nil, "reduction") ?? "mean"
            guard let reduction = names[name] else {
                throw Mismatch("there is no reduction '\(name)'")
            }
            return [
                klDiv(
                    try $0.tensor(0), try $0.tensor(1), reduction: reduction,
                    logTarget: try $0.bool(nil, "log_target"))
            ]
        }
        functional("gaussian_nll_loss") {
            [
                gaussianNllLoss(
                    try $0.tensor(0), try $0.tensor(1), variance: try $0.tensor(2, "var"),
                    full: try $0.bool(3, "full"), eps: try $0.double(4, "eps", or: 1e-6),
                    reduction: try $0.reduction(5))
            ]
        }
        functional("poisson_nll_loss") {
            [
                poissonNllLoss(
                    try $0.tensor(0), try $0.tensor(1),
                    logInput: try $0.bool(2, "log_input", or: true),
                    full: try $0.bool(3, "full"), eps: try $0.double(nil, "eps", or: 1e-8),
                    reduction: try $0.reduction())
            ]
        }
    }

    /// Losses that are zero beyond a margin.
    mutating func addMarginLosses() {
        functional("hinge_embedding_loss") {
            let margin = try $0.double(2, "margin", or: 1)
            return [
                hingeEmbeddingLoss(
                    try $0.tensor(0), try $0.tensor(1), margin: margin,
                    reduction: try $0.reduction())
            ]
        }
        functional("soft_margin_loss") {
            [softMarginLoss(try $0.tensor(0), try $0.tensor(1), reduction: try $0.reduction())]
        }
        functional("margin_ranking_loss") {
            [
                marginRankingLoss(
                    try $0.tensor(0), try $0.tensor(1), try $0.tensor(2),
                    margin: try $0.double(3, "margin", or: 0), reduction: try $0.reduction())
            ]
        }
        functional("cosine_embedding_loss") {
            [
                cosineEmbeddingLoss(
                    try $0.tensor(0), try $0.tensor(1), try $0.tensor(2),
                    margin: try $0.double(3, "margin", or: 0), reduction: try $0.reduction())
            ]
        }
        functional("triplet_margin_loss") {
            [
                tripletMarginLoss(
                    try $0.tensor(0), try $0.tensor(1), try $0.tensor(2),
                    margin: try $0.double(3, "margin", or: 1), p: try $0.double(4, "p", or: 2),
                    eps: try $0.double(5, "eps", or: 1e-6), swap: try $0.bool(6, "swap"),
                    reduction: try $0.reduction())
            ]
        }
        functional("multi_margin_loss") {
            [
                multiMarginLoss(
                    try $0.tensor(0), try $0.tensor(1), p: try $0.int(2, "p", or: 1),
                    margin: try $0.double(3, "margin", or: 1),
                    weight: try $0.optionalTensor(4, "weight"), reduction: try $0.reduction())
            ]
        }
        functional("multilabel_margin_loss") {
            [
                multilabelMarginLoss(
                    try $0.tensor(0), try $0.tensor(1), reduction: try $0.reduction())
            ]
        }
        functional("multilabel_soft_margin_loss") {
            [
                multilabelSoftMarginLoss(
                    try $0.tensor(0), try $0.tensor(1), weight: try $0.optionalTensor(2, "weight"),
                    reduction: try $0.reduction())
            ]
        }
    }
}
