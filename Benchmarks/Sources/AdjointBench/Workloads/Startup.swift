import Adjoint

/// A fresh process that computes one derivative.
enum Startup {
    /// The only argument of a process that is to be one unit.
    static let childArgument = "--one-derivative"

    static let workload = Workload(
        "startup", "a fresh process computes d(x²)/dx at 2, prints it and exits", maximalRuns: 3
    ) {
        .init(step: {
            if !runSelf(childArgument) {
                printError("adjoint-bench: the process to be timed failed")
                exitProcess(1)
            }
        })
    }

    static func unit() {
        let x = Tensor([2.0], requiresGrad: true)
        (x ** 2).backward()
        print(x.grad!)
    }
}
