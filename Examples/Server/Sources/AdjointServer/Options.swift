/// What the command line asks for.
struct Options {
    /// A file to read the network from; nil trains one.
    var model: String?
    /// A file to write the network to, instead of serving it.
    var write: String?
    var port: UInt16 = 8080

    /// Nil, after a line that says why, for a command line that cannot be understood.
    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let flag = rest.popFirst() {
            switch (flag, rest.popFirst()) {
            case ("--model", let path?): model = path
            case ("--write", let path?): write = path
            case ("--port", let text?):
                guard let number = UInt16(text) else {
                    print("--port \(text) is no port; give a number from 0, any, to 65535")
                    return nil
                }
                port = number
            default:
                print(
                    "\(flag) is not understood, or lacks its value; give --model FILE, "
                        + "--write FILE or --port N")
                return nil
            }
        }
    }
}
