#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A library of the system that is looked for when it is first needed: a build needs none of them,
/// and what does without works on machines that lack them.
struct SharedLibrary: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer

    /// The first of `names` that there is; the folders in which Homebrew keeps libraries are tried
    /// too.
    init?(_ names: [String]) {
        #if canImport(Darwin)
            let folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"]
        #else
            let folders = [""]
        #endif
        for name in names {
            for folder in folders {
                if let handle = dlopen(folder + name, RTLD_NOW | RTLD_LOCAL) {
                    self.handle = handle
                    return
                }
            }
        }
        return nil
    }

    /// The function called `name`, as `type`, which must be what the library declares.
    func function<T>(_ name: String, as type: T.Type) -> T? {
        dlsym(handle, name).map { unsafeBitCast($0, to: type) }
    }
}
