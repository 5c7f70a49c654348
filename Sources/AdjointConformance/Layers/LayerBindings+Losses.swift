import AdjointCore
import AdjointNN

extension LayerTable {
    mutating func addLosses() {
        loss("L1Loss") { L1Loss(reduction: try $0.reduction()) }
        loss("MSELoss") { MSELoss(reduction: try $0.reduction()) }
        loss("SmoothL1Loss") {
            SmoothL1Loss(reduction: try $0.reduction(), beta: try $0.option("beta", or: 1.0))
        }
        loss("HuberLoss") {
            HuberLoss(reduction: try $0.reduction(), delta: try $0.option("delta", or: 1.0))
        }
        loss("SoftMarginLoss") { SoftMarginLoss(reduction: try $0.reduction()) }
        loss("HingeEmbeddingLoss") {
            HingeEmbeddingLoss(
                margin: try $0.option("margin", or: 1.0), reduction: try $0.reduction())
        }
        loss("PoissonNLLLoss") {
            PoissonNLLLoss(
                logInput: try $0.option("log_input", or: true),
                full: try $0.option("full", or: false), eps: try $0.option("eps", or: 1e-8),
                reduction: try $0.reduction())
        }
        loss("KLDivLoss") {
            KLDivLoss(
                reduction: try $0.word(
                    "reduction", or: "mean",
                    ["none": .none, "mean": .mean, "sum": .sum, "batchmean": .batchMean]),
                logTarget: try $0.option("log_target", or: false))
        }
        addClassLosses()
        addLossesOfThree()
    }

    private mutating func addClassLosses() {
        loss("CrossEntropyLoss") {
            CrossEntropyLoss(
                weight: try $0.optionalTensor(nil, "weight"),
                ignoreIndex: try $0.option("ignore_index", or: -100), reduction: try $0.reduction(),
                labelSmoothing: try $0.option("label_smoothing", or: 0.0))
        }
        loss("NLLLoss") {
            NLLLoss(
                weight: try $0.optionalTensor(nil, "weight"),
                ignoreIndex: try $0.option("ignore_index", or: -100), reduction: try $0.reduction())
        }
        loss("BCELoss") {
            BCELoss(weight: try $0.optionalTensor(nil, "weight"), reduction: try $0.reduction())
        }
        loss("BCEWithLogitsLoss") {
            BCEWithLogitsLoss(
                weight: try $0.optionalTensor(nil, "weight"),
                posWeight: try $0.optionalTensor(nil, "pos_weight"), reduction: try $0.reduction())
        }
        loss("MultiMarginLoss") {
            MultiMarginLoss(
                weight: try $0.optionalTensor(nil, "weight"), p: try $0.option("p", or: 1),
                margin: try $0.option("margin", or: 1.0), reduction: try $0.reduction())
        }
        loss("MultiLabelMarginLoss") { MultiLabelMarginLoss(reduction: try $0.reduction()) }
        loss("MultiLabelSoftMarginLoss") {
            MultiLabelSoftMarginLoss(
                weight: try $0.optionalTensor(nil, "weight"), reduction: try $0.reduction())
        }
    }

    private mutating func addLossesOfThree() {
        add("GaussianNLLLoss") {
            let loss = GaussianNLLLoss(
                full: try $0.option("full", or: false), eps: try $0.option("eps", or: 1e-6),
                reduction: try $0.reduction())
            return ReplayedLayer(loss, inputs: 3) { loss($0[0], $0[1], $0[2]) }
        }
        add("MarginRankingLoss") {
            let loss = MarginRankingLoss(
                margin: try $0.option("margin", or: 0.0), reduction: try $0.reduction())
            return ReplayedLayer(loss, inputs: 3) { loss($0[0], $0[1], $0[2]) }
        }
        add("CosineEmbeddingLoss") {
            let loss = CosineEmbeddingLoss(
                margin: try $0.option("margin", or: 0.0), reduction: try $0.reduction())
            return ReplayedLayer(loss, inputs: 3) { loss($0[0], $0[1], $0[2]) }
        }
        add("TripletMarginLoss") {
            let loss = TripletMarginLoss(
                margin: try $0.option("margin", or: 1.0), p: try $0.option("p", or: 2.0),
                eps: try $0.option("eps", or: 1e-6), swap: try $0.option("swap", or: false),
                reduction: try $0.reduction())
            return ReplayedLayer(loss, inputs: 3) { loss($0[0], $0[1], $0[2]) }
        }
        add("CTCLoss") {
            let loss = CTCLoss(
                blank: try $0.option("blank", or: 0), reduction: try $0.reduction(),
                zeroInfinity: try $0.option("zero_infinity", or: false))
            return ReplayedLayer(loss, inputs: 4) { loss($0[0], $0[1], $0[2], $0[3]) }
        }
        add("TripletMarginWithDistanceLoss") {
            let loss = TripletMarginWithDistanceLoss(
                margin: try $0.option("margin", or: 1.0), swap: try $0.option("swap", or: false),
                reduction: try $0.reduction())
            return ReplayedLayer(loss, inputs: 3) { loss($0[0], $0[1], $0[2]) }
        }
    }
}

extension Arguments {
    /// The word for how losses are reduced.
    fileprivate func reduction() throws -> Reduction {
        ignore("size_average", "reduce")
        return try word("reduction", or: "mean", ["none": .none, "mean": .mean, "sum": .sum])
    }
}
