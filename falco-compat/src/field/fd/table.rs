//! The rows of class `fd`.

use crate::field::definition::{field, fields};
use crate::value::ValueType::{Bool, Charbuf, Int32, Int64, Ipaddr, Ipnet, Port};

fields! {
    /// A field of class `fd`.
    FdField in Fd {
        Num = field("fd.num", Int64,
            "Fd number of the event (created, used or destroyed); −1 for a failed open.").dec();
        Type = field("fd.type", Charbuf,
            "Type of the fd: file, directory, ipv4, ipv6, unix, pipe, event and so on.").dec();
        Typechar = field("fd.typechar", Charbuf,
            "Type as one character: f file, d directory, 4, 6, u unix, p pipe and so on.").dec();
        Name = field("fd.name", Charbuf,
            "Path, or cip:cport->sip:sport, or ip:port of a listening socket.");
        Directory = field("fd.directory", Charbuf,
            "Directory part of fd.name (files); / for top-level.");
        Filename = field("fd.filename", Charbuf, "Last component of the path of a file.");
        Ip = field("fd.ip", Ipaddr,
            "Filter only: client or server address.").filter_only();
        Cip = field("fd.cip", Ipaddr, "Client address.");
        Sip = field("fd.sip", Ipaddr, "Server address.");
        Lip = field("fd.lip", Ipaddr, "Local address.");
        Rip = field("fd.rip", Ipaddr, "Remote address.");
        Port = field("fd.port", Port,
            "Filter only: client or server port.").dec().filter_only();
        Cport = field("fd.cport", Port, "Client port.").dec();
        Sport = field("fd.sport", Port, "Server port (also listening sockets).").dec();
        Lport = field("fd.lport", Port, "Local port.").dec();
        Rport = field("fd.rport", Port, "Remote port.").dec();
        L4proto = field("fd.l4proto", Charbuf,
            "Tcp, udp, icmp or raw; the text <NA> when unknown.");
        Sockfamily = field("fd.sockfamily", Charbuf, "Ip or unix.");
        IsServer = field("fd.is_server", Bool, "The process owns the server side.");
        Uid = field("fd.uid", Charbuf, "Thread id and fd number, glued together.");
        Containername = field("fd.containername", Charbuf, "Container id : fd name.");
        Containerdirectory = field("fd.containerdirectory", Charbuf, "Container id : directory.");
        Proto = field("fd.proto", Port,
            "Filter only: service of either port.").filter_only();
        Cproto = field("fd.cproto", Charbuf, "Client port as text.");
        Sproto = field("fd.sproto", Charbuf, "Server port as text.");
        Lproto = field("fd.lproto", Charbuf, "Local port as text.");
        Rproto = field("fd.rproto", Charbuf, "Remote port as text.");
        Net = field("fd.net", Ipnet,
            "Filter only: either address is in the network.").filter_only();
        Cnet = field("fd.cnet", Ipnet,
            "Filter only: client address is in the network.").filter_only();
        Snet = field("fd.snet", Ipnet,
            "Filter only: server address is in the network.").filter_only();
        Lnet = field("fd.lnet", Ipnet,
            "Filter only: local address is in the network.").filter_only();
        Rnet = field("fd.rnet", Ipnet,
            "Filter only: remote address is in the network.").filter_only();
        Connected = field("fd.connected", Bool, "TCP/UDP socket is connected.");
        NameChanged = field("fd.name_changed", Bool, "This event changed the name of the fd.");
        CipName = field("fd.cip.name", Charbuf,
            "Domain of a rule whose addresses include the client address.").unchained();
        SipName = field("fd.sip.name", Charbuf,
            "Domain of a rule whose addresses include the server address.").unchained();
        LipName = field("fd.lip.name", Charbuf,
            "Domain of a rule whose addresses include the local address.").unchained();
        RipName = field("fd.rip.name", Charbuf,
            "Domain of a rule whose addresses include the remote address.").unchained();
        Dev = field("fd.dev", Int32, "Device number of the file, printed in hex.").hex();
        DevMajor = field("fd.dev.major", Int32, "Major device number.").dec();
        DevMinor = field("fd.dev.minor", Int32, "Minor device number.").dec();
        Ino = field("fd.ino", Int64, "Inode.").dec();
        Nameraw = field("fd.nameraw", Charbuf,
            "Path as given to the syscall; for other fds as fd.name.");
        Types = field("fd.types", Charbuf,
            "List of distinct fd types open in the process, or [fd].").dec()
            .optional().list().no_rhs();
        IsUpperLayer = field("fd.is_upper_layer", Bool, "File in an overlay's upper layer.");
        IsLowerLayer = field("fd.is_lower_layer", Bool, "File in an overlay's lower layer.");
    }
}
