import AdjointCore
import AdjointNN

extension LayerTable {
    mutating func addActivations() {
        layer("ReLU") {
            $0.ignore("inplace")
            return ReLU()
        }
        layer("ReLU6") {
            $0.ignore("inplace")
            return ReLU6()
        }
        layer("Tanh") {
            $0.ignore("inplace")
            return Tanh()
        }
        layer("Sigmoid") {
            $0.ignore("inplace")
            return Sigmoid()
        }
        layer("LogSigmoid") {
            $0.ignore("inplace")
            return AdjointNN.LogSigmoid()
        }
        layer("SELU") {
            $0.ignore("inplace")
            return SELU()
        }
        layer("SiLU") {
            $0.ignore("inplace")
            return SiLU()
        }
        layer("Mish") {
            $0.ignore("inplace")
            return AdjointNN.Mish()
        }
        layer("Hardswish") {
            $0.ignore("inplace")
            return AdjointNN.Hardswish()
        }
        layer("Hardsigmoid") {
            $0.ignore("inplace")
            return AdjointNN.Hardsigmoid()
        }
        layer("Softsign") {
            $0.ignore("inplace")
            return Softsign()
        }
        layer("Tanhshrink") {
            $0.ignore("inplace")
            return Tanhshrink()
        }
        layer("Softmax2d") {
            $0.ignore("inplace")
            return Softmax2d()
        }
        layer("Identity") { _ in Identity() }
        layer("GELU") {
            GELU(
                approximate: try $0.word("approximate", or: "none", ["none": .none, "tanh": .tanh]))
        }
        layer("ELU") {
            $0.ignore("inplace")
            return ELU(alpha: try $0.option("alpha", or: 1.0))
        }
        layer("CELU") {
            $0.ignore("inplace")
            return CELU(alpha: try $0.option("alpha", or: 1.0))
        }
        layer("LeakyReLU") {
            $0.ignore("inplace")
            return LeakyReLU(try $0.option("negative_slope", or: 0.01))
        }
        layer("Hardtanh") {
            $0.ignore("inplace")
            return Hardtanh(
                minVal: try $0.option("min_val", or: -1.0),
                maxVal: try $0.option("max_val", or: 1.0))
        }
        layer("Softplus") {
            Softplus(
                beta: try $0.option("beta", or: 1.0),
                threshold: try $0.option("threshold", or: 20.0))
        }
        layer("Hardshrink") { Hardshrink(try $0.option("lambd", or: 0.5)) }
        layer("Softshrink") { Softshrink(try $0.option("lambd", or: 0.5)) }
        layer("Threshold") {
            $0.ignore("inplace")
            return Threshold(try $0.option("threshold", or: 0.0), try $0.option("value", or: 0.0))
        }
        layer("GLU") { GLU(dim: try $0.option("dim", or: -1)) }
        layer("Softmax") { Softmax(dim: try $0.required("dim")) }
        layer("Softmin") { Softmin(dim: try $0.required("dim")) }
        layer("LogSoftmax") { LogSoftmax(dim: try $0.required("dim")) }
        layer("PReLU") {
            PReLU(
                try $0.option("num_parameters", or: 1), initial: try $0.option("init", or: 0.25),
                dtype: .float64)
        }
        layer("RReLU") {
            $0.ignore("inplace")
            return RReLU(
                lower: try $0.option("lower", or: 1.0 / 8),
                upper: try $0.option("upper", or: 1.0 / 3))
        }
        layer("Dropout") {
            $0.ignore("inplace")
            return Dropout(try $0.option("p", or: 0.5))
        }
        layer("Dropout1d") {
            $0.ignore("inplace")
            return Dropout1d(try $0.option("p", or: 0.5))
        }
        layer("Dropout2d") {
            $0.ignore("inplace")
            return Dropout2d(try $0.option("p", or: 0.5))
        }
        layer("Dropout3d") {
            $0.ignore("inplace")
            return Dropout3d(try $0.option("p", or: 0.5))
        }
        layer("AlphaDropout") {
            $0.ignore("inplace")
            return AlphaDropout(try $0.option("p", or: 0.5))
        }
        layer("FeatureAlphaDropout") {
            $0.ignore("inplace")
            return FeatureAlphaDropout(try $0.option("p", or: 0.5))
        }
    }
}
