SET ANSI_NULLS ON
GO
CREATE TABLE [dbo].[Customer](
	[CustomerID] [int] IDENTITY(1,1) NOT NULL,
	[CompanyName] [nvarchar](40) NOT NULL,
	[Phone] [nvarchar](24) NULL,
	[RowGuid] [uniqueidentifier] NOT NULL DEFAULT (newid()),
	[CreditLimit] [money] NULL,
	[IsActive] [bit] NOT NULL CONSTRAINT [DF_Active] DEFAULT ((1)),
	[ModifiedDate] [datetime] NOT NULL,
 CONSTRAINT [PK_Customer] PRIMARY KEY CLUSTERED ([CustomerID] ASC)
) ON [PRIMARY]
GO
CREATE TABLE [sales].[Invoice](
	[InvoiceNo] [varchar](12) NOT NULL PRIMARY KEY,
	[CustomerID] [int] NOT NULL,
	[Qty] [tinyint] NOT NULL,
	[Amount] [decimal](9, 2) NOT NULL,
	[Paid] [smalldatetime] NULL
) ON [PRIMARY]
GO
ALTER TABLE [sales].[Invoice] WITH CHECK ADD CONSTRAINT [FK_C] FOREIGN KEY([CustomerID])
REFERENCES [dbo].[Customer] ([CustomerID])
GO
ALTER TABLE [sales].[Invoice] ADD CONSTRAINT [CK_Amount] CHECK (([Amount]>=(10.00)))
GO
