import AdjointCore

extension Calls {
    /// Functions with names of their own in torch.special, or in both places.
    mutating func addSpecial() {
        bind("digamma", "special.digamma", "special.psi") { [try $0.tensor(0).digamma()] }
        // The order comes second, whatever the variant is called.
        bind("polygamma", "special.polygamma") { call in
            [try call.tensor(0).polygamma(try call.int(1, "n", or: 0))]
        }
        bind("sinc", "special.sinc") { [try $0.tensor(0).sinc()] }
        bind("logit", "special.logit") { call in
            [try call.tensor(0).logit(eps: try call.double(1, "eps"))]
        }
        bind("special.ndtr") { [try $0.tensor(0).ndtr()] }
        bind("special.expit") { [try $0.tensor(0).sigmoid()] }
        bind("special.erf") { [try $0.tensor(0).erf()] }
        bind("special.erfc") { [try $0.tensor(0).erfc()] }
        bind("special.erfinv") { [try $0.tensor(0).erfinv()] }
        bind("special.exp2") { [try $0.tensor(0).exp2()] }
        bind("special.expm1") { [try $0.tensor(0).expm1()] }
        bind("special.log1p") { [try $0.tensor(0).log1p()] }
        bind("special.gammaln") { [try $0.tensor(0).lgamma()] }
        bind("special.i0") { [try $0.tensor(0).i0()] }
    }
}
